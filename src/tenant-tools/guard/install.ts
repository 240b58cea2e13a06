/**
 * Carries out the plan of `guard install`. Writes the former state into the state file first, then changes the tenant.
 * Each step checks whether it is done, so running it again finishes an interrupted installation.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../remote/exchange.js';
import type { RemoteTenant } from '../remote/tenant.js';
import { GuardError } from './guard-error.js';
import { type InstallGround, type InstallOrder, listBindings } from './install-ground.js';
import { isCurrent, type Step, wantedSettings } from './install-plan.js';
import { type Marked, markMembers } from './mark-members.js';
import {
  ACTION_DEPENDENCIES,
  ACTION_NAME,
  ACTION_RUNTIME,
  ACTION_TRIGGER,
  MARK_ROLE,
  writeAction,
} from './settings.js';
import { type GuardState, writeState } from './state-file.js';
import { listMembers, textOf } from './tenant-reads.js';

/** Returns the scopes that the installation needs. */
export function installScopes(order: Pick<InstallOrder, 'autoMembership' | 'marking'>): readonly string[] {
  const marking =
    order.marking === 'never'
      ? []
      : [
          'create:organization_member_roles',
          'read:logs',
          'read:organization_invitations',
          'read:organization_member_roles',
          'read:organization_members',
          'read:users',
        ];
  return [
    'create:actions',
    'create:roles',
    'read:actions',
    'read:organization_connections',
    'read:organizations',
    'read:roles',
    'update:actions',
    ...marking,
    ...(order.autoMembership ? ['update:organization_connections'] : []),
  ].sort();
}

export interface Installing {
  readonly tenant: RemoteTenant;
  readonly order: InstallOrder;
  readonly ground: InstallGround;
  readonly steps: readonly Step[];
  readonly stateFile: string;
  readonly report: InstallReport;
}

export interface InstallReport {
  step(text: string): void;
  progress(done: number, total: number): void;
}

const BUILD_TRIES = 60;
const BUILD_PAUSE_MS = 1_000;

function firstState({ tenant, order, ground }: Installing): GuardState {
  const { state, action } = ground;
  if (state !== undefined && state.uninstalledAt === undefined) return state;
  return {
    kind: 'vestibule-guard-state',
    version: 1,
    tenant: tenant.origin,
    installedAt: order.now.toISOString(),
    actionName: ACTION_NAME,
    // An Action without a state file was installed from another machine: the former state is unknown here.
    bindings: ground.bindings.filter((binding) => binding.actionId !== action?.id),
    settings: [],
    marked: [],
  };
}

async function ensureRole({ tenant, ground }: Installing): Promise<string> {
  if (ground.roleId !== undefined) return ground.roleId;
  const role = (await tenant.send('POST', '/roles', MARK_ROLE)) as Json;
  return textOf(role, 'id');
}

async function ensureAction({ tenant, ground, order }: Installing, roleId: string): Promise<string> {
  const { action } = ground;
  const code = writeAction(wantedSettings(ground, order, roleId));
  if (action !== undefined && isCurrent(action, code) && !order.renewSecrets) return action.id;
  const content = {
    code,
    dependencies: ACTION_DEPENDENCIES,
    runtime: ACTION_RUNTIME,
    secrets: Object.entries(order.secrets).map(([name, value]) => ({ name, value })),
  };
  if (action !== undefined) {
    await tenant.send('PATCH', `/actions/actions/${encodeURIComponent(action.id)}`, content);
    return action.id;
  }
  const created = (await tenant.send('POST', '/actions/actions', {
    name: ACTION_NAME,
    supported_triggers: [ACTION_TRIGGER],
    ...content,
  })) as Json;
  return textOf(created, 'id');
}

async function waitFor(tenant: RemoteTenant, actionId: string, isReady: (action: Json) => boolean): Promise<void> {
  for (let tries = 0; tries < BUILD_TRIES; tries += 1) {
    const action = (await tenant.get(`/actions/actions/${encodeURIComponent(actionId)}`)) as Json;
    if (textOf(action, 'status') === 'failed') {
      throw new GuardError('tenant', 'The tenant could not build the Action.', 'Its page in the Dashboard says why.');
    }
    if (isReady(action)) return;
    await sleep(BUILD_PAUSE_MS);
  }
  throw new GuardError('tenant', 'The tenant is not done building the Action.', 'Run the same command again.');
}

/** Deploys the Action unless the deployed version equals the draft. */
async function ensureDeployed(tenant: RemoteTenant, actionId: string): Promise<void> {
  const path = `/actions/actions/${encodeURIComponent(actionId)}`;
  const isDeployed = (action: Json) => action.all_changes_deployed === true;
  if (isDeployed((await tenant.get(path)) as Json)) return;
  await waitFor(tenant, actionId, (action) => textOf(action, 'status') === 'built');
  await tenant.send('POST', `${path}/deploy`);
  await waitFor(tenant, actionId, isDeployed);
}

async function ensureFirst(tenant: RemoteTenant, actionId: string): Promise<void> {
  const bindings = await listBindings(tenant);
  if (bindings[0]?.actionId === actionId) return;
  const ours = bindings.find((binding) => binding.actionId === actionId) ?? { actionId, displayName: ACTION_NAME };
  await writeBindings(tenant, [ours, ...bindings.filter((binding) => binding.actionId !== actionId)]);
}

/** Replaces the Actions that are bound to post-login. */
export async function writeBindings(
  tenant: RemoteTenant,
  bindings: readonly { actionId: string; displayName: string }[],
): Promise<void> {
  await tenant.send('PATCH', `/actions/triggers/${ACTION_TRIGGER.id}/bindings`, {
    bindings: bindings.map(({ actionId, displayName }) => ({
      ref: { type: 'action_id', value: actionId },
      display_name: displayName,
    })),
  });
}

/** Lists members who joined between the first marking and the binding: they have no mark, and no Action saw them. */
async function listLatecomers({ tenant, ground }: Installing): Promise<readonly string[]> {
  const unmarked: string[] = [];
  for await (const member of listMembers(tenant, ground.organization)) {
    if (member.roles.length === 0) unmarked.push(member.userId);
  }
  return unmarked;
}

async function markAll(installing: Installing, roleId: string, userIds: readonly string[]): Promise<Marked> {
  const { tenant, order, ground, report } = installing;
  return markMembers(tenant, {
    organizationId: ground.organization.id,
    roleId,
    userIds,
    settleMs: order.settleMs,
    now: order.now,
    progress: report.progress,
  });
}

async function ensureSettings(installing: Installing, state: GuardState): Promise<GuardState> {
  const { tenant, order, ground, stateFile } = installing;
  let now = state;
  if (!order.autoMembership) return now;
  const organizationId = ground.organization.id;
  for (const { id: connectionId, autoMembership } of ground.connections) {
    if (autoMembership) continue;
    const isKept = now.settings.some(
      (one) => one.organizationId === organizationId && one.connectionId === connectionId,
    );
    if (!isKept) now = { ...now, settings: [...now.settings, { organizationId, connectionId, autoMembership }] };
    await writeState(stateFile, now);
    const path = `/organizations/${encodeURIComponent(organizationId)}/enabled_connections/${encodeURIComponent(connectionId)}`;
    await tenant.send('PATCH', path, { assign_membership_on_login: true });
  }
  return now;
}

/**
 * Does the remaining steps of the installation. Throws RemoteError and {@link GuardError}; running it again continues.
 * Returns the members whom it did not mark.
 */
export async function install(installing: Installing): Promise<Marked> {
  const { tenant, ground, stateFile, report, steps } = installing;
  const planned = (kind: Step['kind']) => {
    for (const step of steps) if (step.kind === kind) report.step(step.text);
  };
  let state = firstState(installing);
  await writeState(stateFile, state);
  planned('role');
  const roleId = await ensureRole(installing);
  planned('action');
  const actionId = await ensureAction(installing, roleId);
  state = { ...state, roleId, actionId };
  await writeState(stateFile, state);
  planned('deploy');
  await ensureDeployed(tenant, actionId);
  planned('mark');
  let end = ground.willMark ? await markAll(installing, roleId, ground.unmarked) : { marked: 0, strangers: [] };
  planned('bind');
  await ensureFirst(tenant, actionId);
  if (ground.willMark) {
    const latecomers = (await listLatecomers(installing)).filter((userId) => !end.strangers.includes(userId));
    const late = await markAll(installing, roleId, latecomers);
    end = { marked: end.marked + late.marked, strangers: [...end.strangers, ...late.strangers] };
    state = { ...state, marked: [...new Set([...state.marked, ground.organization.id])] };
    await writeState(stateFile, state);
  }
  planned('setting');
  await ensureSettings(installing, state);
  return end;
}
