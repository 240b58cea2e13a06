/**
 * Declares `vestibule guard`, for tenants that stay on Auth0 and for authors of Actions: names and options only; other
 * files do the work.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseEmail } from '../../domain/people/email.js';
import { SDK_MAJORS } from '../../lint/sdk/sdk-major.js';
import { TRIGGERS } from '../../lint/triggers.js';
import type { ExitCode } from '../../terminal/exit.js';
import type { Terminal } from '../../terminal/terminal.js';
import { type GuardCheckOptions, guardCheck } from './guard-check.js';
import { guardInstall, guardUninstall, type InstallOptions, type UninstallOptions } from './guard-install.js';
import {
  guardSweepApply,
  guardSweepPlan,
  guardSweepRollback,
  type SweepApplyOptions,
  type SweepPlanOptions,
  type SweepRollbackOptions,
} from './guard-sweep.js';
import { addTenantOptions } from './guard-tenant.js';

const CHECK_EXAMPLES = `
Ends with 0 if nothing was found, with 1 if something was. Never runs the code.
Every finding is explained in docs/guard.md.

Examples:
  $ vestibule guard check action.js --trigger post-login
  $ vestibule guard check - --auth0-sdk 7 --json < action.js`;

const INSTALL_EXAMPLES = `
Deploys a Post-Login Action and binds it first. It lets in members and invited
people, makes a verified password member of a verified domain and their SSO
one user, refuses strangers, and takes back a membership only if the log says that
this very login brought it. A second run changes nothing; one that was cut off
is finished by running it again. Guide: docs/guides/guard.md.

The Action's own machine client: --action-client-id and --action-client-secret,
or AUTH0_ACTION_CLIENT_ID and AUTH0_ACTION_CLIENT_SECRET; else the command's.

Examples:
  $ vestibule guard install --organization acme --connection acme-okta --dry-run
  $ vestibule guard install --organization acme --connection acme-okta \\
      --link-domain acme.example --auto-membership`;

const UNINSTALL_EXAMPLES = `
Puts back what the state file of the installation says, and names what differs.

Example:
  $ vestibule guard uninstall --dry-run`;

const PLAN_EXAMPLES = `
Removes nobody. A stranger joined by auto-membership, was never let in, never
invited, and has no role. Whose coming the log does not explain is listed too,
for a human.

Example:
  $ vestibule guard sweep plan --organization acme --out sweep.jsonl`;

const APPLY_EXAMPLES = `
Everybody is examined again before the removal. The journal FILE.journal is
written ahead; interrupted, the same command goes on.

Example:
  $ vestibule guard sweep apply sweep.jsonl`;

const ROLLBACK_EXAMPLES = `
Example:
  $ vestibule guard sweep rollback sweep.jsonl`;

function parseDomain(domain: string, before: readonly string[]): readonly string[] {
  const email = parseEmail(`a@${domain}`);
  if (email === undefined) throw new InvalidArgumentError('It takes a domain such as acme.example.');
  return [...before, email.slice(2)];
}

function parseSeconds(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes whole seconds.');
}

function parseText(text: string): string {
  if (text.trim() !== '' && text.length <= 300 && !/\p{Cc}/u.test(text)) return text;
  throw new InvalidArgumentError('It takes one sentence of at most 300 characters.');
}

const collect = (value: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), value];

type Finish = (code: ExitCode) => void;

function addCheck(guard: Command, terminal: Terminal, finish: Finish): void {
  guard
    .command('check')
    .description('what is wrong with the code of an Action, and how to fix it')
    .argument('<file>', 'JavaScript file; - reads standard input')
    .addOption(
      new Option('--trigger <id>', 'trigger it is for, else its handler decides').choices(TRIGGERS.map(({ id }) => id)),
    )
    .addOption(
      new Option('--auth0-sdk <major>', 'of the auth0 package it loads').choices(SDK_MAJORS.map(String)).default('4'),
    )
    .option('--json', 'machine output')
    .addHelpText('after', CHECK_EXAMPLES)
    .action(async (file: string, options: GuardCheckOptions) => finish(await guardCheck(file, options, terminal)));
}

function addInstall(guard: Command, terminal: Terminal, finish: Finish): void {
  const command = guard
    .command('install')
    .description('puts the Action on the tenant that refuses strangers without residue')
    .requiredOption('--organization <name>', 'organization (name or id) to guard')
    .requiredOption('--connection <name>', 'enterprise connection (name or id); may be repeated', collect)
    .option('--link-domain <domain>', 'domain verified as its own; may be repeated', parseDomain, [])
    .option('--auto-membership', 'switch auto-membership on, once the guard is bound')
    .option('--stranger-text <text>', 'what a refused stranger reads', parseText)
    .option('--unclear-text <text>', 'what somebody reads of whom nothing is known yet', parseText)
    .option('--action-client-id <id>', 'machine client of the Action')
    .option('--action-client-secret <secret>', 'its secret (better in AUTH0_ACTION_CLIENT_SECRET)')
    .option('--renew-secrets', "send the Action's secrets again")
    .addOption(
      new Option('--mark-members <when>', 'mark the present members as let in')
        .choices(['first', 'again', 'never'])
        .default('first'),
    )
    .option('--settle <seconds>', 'after which the log has what happened', parseSeconds, 15)
    .option('--state <file>', 'what was there before, for uninstall')
    .option('--dry-run', 'only say what would be done')
    .addHelpText('after', INSTALL_EXAMPLES)
    .action(async (options: InstallOptions) => finish(await guardInstall(options, terminal)));
  addTenantOptions(command);
}

function addUninstall(guard: Command, terminal: Terminal, finish: Finish): void {
  const command = guard
    .command('uninstall')
    .description('puts back what was there before the guard')
    .option('--state <file>', 'state file of the installation')
    .option('--dry-run', 'only say what would be done')
    .addHelpText('after', UNINSTALL_EXAMPLES)
    .action(async (options: UninstallOptions) => finish(await guardUninstall(options, terminal)));
  addTenantOptions(command);
}

function addSweep(guard: Command, terminal: Terminal, finish: Finish): void {
  const sweep = guard.command('sweep').description('finds and removes strangers whom earlier logins left as members');
  const plan = sweep
    .command('plan')
    .description('who would be removed, and on what evidence; changes nothing')
    .requiredOption('--organization <name>', 'organization (name or id)')
    .option('--out <file>', 'write the plan that apply takes')
    .option('--include-unexplained', 'also remove whose coming the log does not explain')
    .option('--min-age <seconds>', 'younger memberships are left alone', parseSeconds, 600)
    .addHelpText('after', PLAN_EXAMPLES)
    .action(async (options: SweepPlanOptions) => finish(await guardSweepPlan(options, terminal)));
  const apply = sweep
    .command('apply')
    .description('removes the people of a plan')
    .argument('<file>', 'plan')
    .option('--delete-users', 'also delete their users without a membership (cannot be undone)')
    .addHelpText('after', APPLY_EXAMPLES)
    .action(async (file: string, options: SweepApplyOptions) => finish(await guardSweepApply(file, options, terminal)));
  const rollback = sweep
    .command('rollback')
    .description('makes them members again')
    .argument('<file>', 'plan that was applied')
    .option('--without-deleted', 'go on although users were deleted')
    .addHelpText('after', ROLLBACK_EXAMPLES)
    .action(async (file: string, options: SweepRollbackOptions) =>
      finish(await guardSweepRollback(file, options, terminal)),
    );
  for (const command of [plan, apply, rollback]) addTenantOptions(command);
}

/** Adds `guard` and its sub-commands to `program`. */
export function addGuard(program: Command, terminal: Terminal, finish: Finish): void {
  const guard = program
    .command('guard')
    .summary('keeps strangers out of a tenant that stays on Auth0')
    .description('for tenants that stay on Auth0: denies strangers without residue; checks Actions');
  addCheck(guard, terminal, finish);
  addInstall(guard, terminal, finish);
  addSweep(guard, terminal, finish);
  addUninstall(guard, terminal, finish);
}
