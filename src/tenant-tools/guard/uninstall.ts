/**
 * `guard uninstall`: restores the tenant's former state from the state file. First restores the connections' settings,
 * then removes the Action, so that auto-membership is never on without the guard. Reports things that were changed
 * since the installation, and leaves them alone.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../remote/exchange.js';
import type { RemoteTenant } from '../remote/tenant.js';
import { writeBindings } from './install.js';
import { findGuardAction, findMarkRole, listBindings } from './install-ground.js';
import { ACTION_TRIGGER } from './settings.js';
import { type FormerSetting, type GuardState, writeState } from './state-file.js';

export const UNINSTALL_SCOPES = [
  'delete:actions',
  'delete:roles',
  'read:actions',
  'read:organization_connections',
  'read:roles',
  'update:actions',
  'update:organization_connections',
] as const;

export interface UninstallStep {
  readonly text: string;
  readonly run: () => Promise<void>;
}

export interface UninstallPlan {
  readonly steps: readonly UninstallStep[];
  /** Things that were changed since the installation; they are left as they are. */
  readonly differences: readonly string[];
}

const enc = encodeURIComponent;
type Found = { readonly step?: UninstallStep; readonly difference?: string };

async function planSetting(tenant: RemoteTenant, setting: FormerSetting): Promise<Found> {
  const { organizationId, connectionId, autoMembership } = setting;
  const path = `/organizations/${enc(organizationId)}/enabled_connections/${enc(connectionId)}`;
  const name = `auto-membership of ${connectionId} in ${organizationId}`;
  const present = (await tenant.find(path)) as Json | undefined;
  if (present === undefined) return { difference: `${name}: the connection is not enabled any more` };
  if (present.assign_membership_on_login === autoMembership) return {};
  return {
    step: {
      text: `switch ${autoMembership ? 'on' : 'off'} ${name}`,
      run: async () => void (await tenant.send('PATCH', path, { assign_membership_on_login: autoMembership })),
    },
  };
}

async function planBindings(tenant: RemoteTenant, state: GuardState, actionId: string | undefined): Promise<Found> {
  const bindings = await listBindings(tenant);
  const rest = bindings.filter((binding) => binding.actionId !== actionId);
  const isAsBefore = isDeepStrictEqual(
    rest.map((binding) => binding.actionId),
    state.bindings.map((binding) => binding.actionId),
  );
  const difference = isAsBefore
    ? {}
    : {
        difference: `${ACTION_TRIGGER.id} has ${rest.length} other Actions, and had ${state.bindings.length} or another order before: they stay as they are`,
      };
  if (rest.length === bindings.length) return difference;
  const run = () => writeBindings(tenant, rest);
  return { ...difference, step: { text: `take the Action out of ${ACTION_TRIGGER.id}`, run } };
}

/** Lists the settings to restore, and the Action, its binding and the role to remove. Changes nothing. */
export async function planUninstall(tenant: RemoteTenant, state: GuardState): Promise<UninstallPlan> {
  const found: Found[] = [];
  for (const setting of state.settings) found.push(await planSetting(tenant, setting));
  const action = await findGuardAction(tenant);
  found.push(await planBindings(tenant, state, action?.id));
  if (action !== undefined) {
    const run = async () => void (await tenant.send('DELETE', `/actions/actions/${enc(action.id)}`));
    found.push({ step: { text: `delete the Action ${JSON.stringify(state.actionName)}`, run } });
  }
  const roleId = await findMarkRole(tenant);
  if (roleId !== undefined) {
    const run = async () => void (await tenant.send('DELETE', `/roles/${enc(roleId)}`));
    found.push({ step: { text: 'delete the role that marks memberships, everywhere', run } });
  }
  return {
    steps: found.flatMap(({ step }) => (step === undefined ? [] : [step])),
    differences: found.flatMap(({ difference }) => (difference === undefined ? [] : [difference])),
  };
}

/**
 * Does the planned steps and records in the state file that nothing is installed. Throws RemoteError; planning and
 * running again continues.
 */
export async function uninstall(
  plan: UninstallPlan,
  state: GuardState,
  stateFile: string,
  now: Date,
  report: (text: string) => void,
): Promise<void> {
  for (const step of plan.steps) {
    report(step.text);
    await step.run();
  }
  if (state.uninstalledAt === undefined) await writeState(stateFile, { ...state, uninstalledAt: now.toISOString() });
}
