/**
 * `vestibule guard install` and `guard uninstall`: options and output; src/tenant-tools/guard does the work. Prints no
 * secret and writes none to a file.
 */

import { systemClock } from '../../kernel/clock.js';
import { CommandError, EXIT, type ExitCode } from '../../terminal/exit.js';
import { printJson } from '../../terminal/lines.js';
import type { Terminal } from '../../terminal/terminal.js';
import { holdAlone } from '../guard/alone.js';
import { install, installScopes } from '../guard/install.js';
import { type InstallOrder, readGround } from '../guard/install-ground.js';
import { planInstall } from '../guard/install-plan.js';
import { ACTION_SCOPES } from '../guard/settings.js';
import { defaultStateFile, findState } from '../guard/state-file.js';
import { checkScopes } from '../guard/tenant-reads.js';
import { planUninstall, UNINSTALL_SCOPES, uninstall } from '../guard/uninstall.js';
import { connectTenant, type RemoteTenant, type TenantAccess } from '../remote/tenant.js';
import { connectGuarded, createProgress, type GuardOptions, withGuardErrors } from './guard-tenant.js';
import { getTenantAccess } from './tenant-access.js';

export interface InstallOptions extends GuardOptions {
  readonly organization: string;
  readonly connection: readonly string[];
  readonly linkDomain: readonly string[];
  readonly autoMembership?: boolean;
  readonly strangerText?: string;
  readonly unclearText?: string;
  readonly actionClientId?: string;
  readonly actionClientSecret?: string;
  readonly renewSecrets?: boolean;
  readonly markMembers: 'first' | 'again' | 'never';
  readonly settle: number;
  readonly state?: string;
  readonly dryRun?: boolean;
}

/** Returns the Action's machine client; the command's own one where none is named. */
function getActionAccess(options: InstallOptions, terminal: Terminal): TenantAccess {
  const access = getTenantAccess(options, terminal.env);
  const clientId = options.actionClientId ?? (terminal.env.AUTH0_ACTION_CLIENT_ID || undefined);
  const clientSecret = options.actionClientSecret ?? (terminal.env.AUTH0_ACTION_CLIENT_SECRET || undefined);
  if (clientId === undefined && clientSecret === undefined) return access;
  if (clientId === undefined || clientSecret === undefined) {
    throw new CommandError(
      EXIT.wrongUse,
      `${clientId === undefined ? '--action-client-id' : '--action-client-secret'} is missing for the Action's machine client.`,
      'Give both, or AUTH0_ACTION_CLIENT_ID and AUTH0_ACTION_CLIENT_SECRET, or neither.',
    );
  }
  return { ...access, clientId, clientSecret };
}

function toOrder(options: InstallOptions, action: TenantAccess): InstallOrder {
  return {
    organization: options.organization,
    connections: options.connection,
    domains: options.linkDomain,
    autoMembership: options.autoMembership === true,
    texts: {
      ...(options.strangerText === undefined ? {} : { stranger: options.strangerText }),
      ...(options.unclearText === undefined ? {} : { unclear: options.unclearText }),
    },
    secrets: {
      DOMAIN: new URL(action.origin).host,
      CLIENT_ID: action.clientId,
      CLIENT_SECRET: action.clientSecret,
    },
    renewSecrets: options.renewSecrets === true,
    marking: options.markMembers,
    settleMs: options.settle * 1_000,
    now: systemClock.now(),
  };
}

/** Connects as both clients before the first write: an Action whose client lacks a scope refuses everybody. */
async function connectBoth(options: InstallOptions, order: InstallOrder, action: TenantAccess, terminal: Terminal) {
  const needed = installScopes(order);
  terminal.note(`Scopes of the command: ${needed.join(' ')}`);
  terminal.note(`Scopes of the Action: ${ACTION_SCOPES.join(' ')}`);
  const tenant: RemoteTenant = await connectGuarded(options, terminal);
  checkScopes(tenant, needed, 'The machine client of the command');
  checkScopes(await connectTenant(action), ACTION_SCOPES, 'The machine client of the Action');
  return tenant;
}

async function runInstall(options: InstallOptions, terminal: Terminal): Promise<ExitCode> {
  const action = getActionAccess(options, terminal);
  const order = toOrder(options, action);
  const tenant = await connectBoth(options, order, action, terminal);
  const stateFile = options.state ?? defaultStateFile(tenant.origin);
  return holding(stateFile, options.dryRun === true, () => installWith(stateFile, tenant, order, options, terminal));
}

/** Runs `work` while holding the state file's lock; a dry run writes nothing and takes no lock. */
async function holding<T>(stateFile: string, isDry: boolean, work: () => Promise<T>): Promise<T> {
  const release = isDry ? undefined : await holdAlone(stateFile);
  return work().finally(() => release?.());
}

async function installWith(
  stateFile: string,
  tenant: RemoteTenant,
  order: InstallOrder,
  options: InstallOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const ground = await readGround(tenant, order, await findState(stateFile, tenant.origin));
  const steps = planInstall(ground, order);
  const isDry = options.dryRun === true;
  const write = (line: string) => (options.json === true ? undefined : terminal.out(line));
  if (steps.length === 0) write('Nothing to do: the guard is installed as asked.');
  else write(isDry ? 'Would do:' : 'To do:');
  for (const step of steps) write(`  ${step.text}`);
  let strangers: readonly string[] = [];
  if (!isDry && steps.length > 0) {
    const report = {
      step: (text: string) => terminal.note(`doing: ${text}`),
      progress: createProgress(terminal, 'marked'),
    };
    ({ strangers } = await install({ tenant, order, ground, steps, stateFile, report }));
    write(`Done. ${stateFile} says what was there before: keep it for \`vestibule guard uninstall\`.`);
    if (strangers.length > 0) {
      write(`${strangers.length} members are strangers whom earlier logins left: see \`vestibule guard sweep plan\`.`);
    }
  }
  if (options.json === true) {
    printJson(terminal, { dry_run: isDry, state_file: stateFile, steps, strangers }, 'indented');
  }
  return EXIT.done;
}

/** Runs `guard install`. Throws {@link CommandError} and RemoteError. */
export function guardInstall(options: InstallOptions, terminal: Terminal): Promise<ExitCode> {
  return withGuardErrors(() => runInstall(options, terminal));
}

export interface UninstallOptions extends GuardOptions {
  readonly state?: string;
  readonly dryRun?: boolean;
}

async function runUninstall(options: UninstallOptions, terminal: Terminal): Promise<ExitCode> {
  terminal.note(`Scopes of the command: ${UNINSTALL_SCOPES.join(' ')}`);
  const tenant = await connectGuarded(options, terminal);
  checkScopes(tenant, UNINSTALL_SCOPES, 'The machine client of the command');
  const stateFile = options.state ?? defaultStateFile(tenant.origin);
  return holding(stateFile, options.dryRun === true, () => uninstallWith(stateFile, tenant, options, terminal));
}

async function uninstallWith(
  stateFile: string,
  tenant: RemoteTenant,
  options: UninstallOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const state = await findState(stateFile, tenant.origin);
  if (state === undefined) {
    throw new CommandError(
      EXIT.wrongUse,
      `There is no state file ${stateFile}, so what was there before the guard is not known.`,
      'Name it by --state; `vestibule guard install` wrote it where it ran.',
    );
  }
  const plan = await planUninstall(tenant, state);
  const isDry = options.dryRun === true;
  if (!isDry) {
    await uninstall(plan, state, stateFile, systemClock.now(), (text) => terminal.note(`doing: ${text}`));
  }
  if (options.json === true) {
    const steps = plan.steps.map(({ text }) => ({ text }));
    printJson(terminal, { dry_run: isDry, state_file: stateFile, steps, differences: plan.differences }, 'indented');
    return EXIT.done;
  }
  if (plan.steps.length === 0) terminal.out('Nothing to do: nothing of the guard is there.');
  else terminal.out(isDry ? 'Would do:' : 'Done:');
  for (const { text } of plan.steps) terminal.out(`  ${text}`);
  for (const difference of plan.differences) terminal.out(`  differs: ${difference}`);
  return EXIT.done;
}

/** Runs `guard uninstall`. Throws {@link CommandError} and RemoteError. */
export function guardUninstall(options: UninstallOptions, terminal: Terminal): Promise<ExitCode> {
  return withGuardErrors(() => runUninstall(options, terminal));
}
