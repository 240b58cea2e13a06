/**
 * Declares `vestibule rollout`, which moves an organization's people to SSO and back: names and options only; other
 * files do the work.
 */
import { type Command, Option } from 'commander';
import type { ExitCode } from '../../terminal/exit.js';
import type { Terminal } from '../../terminal/terminal.js';
import { describeMoveSeat, type MoveSeatOptions } from './rollout-move-seat-options.js';
import { addDomain, addText, type PlanOptions, parseLimit, type WorkOptions } from './rollout-options.js';

/** The end of the help page of `plan`. Kept short: with it the page has 24 lines, which fit a terminal. */
const PLAN_HELP = `
The list is CSV with a header, or JSON Lines: email, subject, active. Example:
  $ vestibule rollout plan --organization acme --connection acme-okta`;

const APPLY_HELP = `
The journal is PLAN.journal. Stopped anywhere, run it again, and it goes on.

Examples:
  $ vestibule rollout apply rollout.jsonl --limit 5
  $ vestibule rollout apply rollout.jsonl --only dana@acme.example`;

function addTenant(command: Command): Command {
  return command
    .option('--domain <host>', 'tenant to ask, over https')
    .option('--client-id <id>', 'machine client of that tenant')
    .option('--client-secret <secret>', 'its secret (better in AUTH0_CLIENT_SECRET)')
    .option('--json', 'machine output');
}

function addPlan(rollout: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const plan = rollout
    .command('plan')
    .description('says what would be done for each person, factors too; changes nothing')
    .requiredOption('--organization <name>', 'organization (name or id) whose people move')
    .requiredOption('--connection <name>', 'enterprise connection that they move to')
    .option('--directory <file>', 'list of people from the company')
    .option('--out <file>', 'plan file to write', 'rollout.jsonl')
    .option('--html <file>', 'the plan as a page, for the customer')
    .option('--prove-domain <domain>', 'the organization owns it; repeatable', addDomain)
    .option('--alias <domain>', 'addresses to lead to the connection; repeatable', addDomain)
    .addOption(new Option('--sso-rollout <mode>', 'passwords').choices(['optional', 'required']))
    .addOption(new Option('--auto-membership <switch>', 'strangers join').choices(['on', 'off']))
    .option('--overrule <who>', 'link without a proof (address, id); repeatable', addText)
    .option('--allow-lockout', 'keep settings that lock people out');
  addTenant(plan)
    .addHelpText('after', PLAN_HELP)
    .action(async (options: PlanOptions) => {
      const { rolloutPlan } = await import('./rollout-plan.js');
      finish(await rolloutPlan(options, terminal));
    });
}

/** The options are in a file of their own, so that the help does not load the code of the work. */
function addMoveSeat(rollout: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  describeMoveSeat(addTenant(rollout.command('move-seat'))).action(
    async (address: string | undefined, options: MoveSeatOptions) => {
      const { rolloutMoveSeat } = await import('./rollout-move-seat.js');
      finish(await rolloutMoveSeat(address, options, terminal));
    },
  );
}

type Work = typeof import('./rollout-work.js');

/** Adds `rollout` and its sub-commands to `program`. */
export function addRollout(program: Command, terminal: Terminal, finish: (code: ExitCode) => void): void {
  const rollout = program.command('rollout').description('moves an organization’s people to SSO, and back');
  addPlan(rollout, terminal, finish);
  const add = (name: string, description: string, run: (work: Work) => Work['rolloutApply']): Command =>
    addTenant(rollout.command(name).description(description).argument('<plan>', 'plan file')).action(
      async (file: string, options: WorkOptions) =>
        finish(await run(await import('./rollout-work.js'))(file, options, terminal)),
    );
  add('apply', 'does exactly the plan; interrupted, it goes on', (work) => work.rolloutApply)
    .option('--only <who>', 'only this person (address, id); repeatable', addText)
    .option('--limit <people>', 'a pilot group of so many', parseLimit)
    .option('--strict', 'stop at the first difference from the plan')
    .option('--dry-run', 'say what would be done, ask no tenant')
    .option('--allow-lockout', 'shut doors on people who joined since, too')
    .addHelpText('after', APPLY_HELP);
  add('status', 'how far it is, from plan and journal', (work) => work.rolloutStatus);
  add('verify', 'compares the tenant with the plan', (work) => work.rolloutVerify);
  add('rollback', 'gives back exactly what was before', (work) => work.rolloutRollback)
    .option('--only <who>', 'only this person, and no setting; repeatable', addText)
    .option('--allow-lockout', 'with --only, although a door stays shut')
    .addOption(new Option('--used <decision>', 'people who signed in by SSO').choices(['keep', 'undo']));
  addMoveSeat(rollout, terminal, finish);
}
