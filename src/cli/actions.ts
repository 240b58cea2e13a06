/**
 * `vestibule actions`: the way out when an Action refuses everybody, operators included. Works on the database that the
 * server's environment names, while servers run. Prints no code and no secret. Takes an Action out of the order only
 * with the option `--logins-go-unchecked`, since that Action checks nobody from then on.
 */
import type { Command } from 'commander';
import { parseConfig } from '../config/config.js';
import type { ActionKeeper, RunningAction } from '../ports/action-keeper.js';
import { CommandError, EXIT, type ExitCode } from '../terminal/exit.js';
import { formatTable, printJson, toPrintable } from '../terminal/lines.js';
import type { World } from './world.js';

const EXAMPLES = `
For the time when an Action refuses everybody, and so the console, too. Needs the
environment of the server (DATABASE_URL or VESTIBULE_DATA_DIR, and
VESTIBULE_SECRET_KEY); counts from the next sign-in on, on every node. Each change
is in the log, with the name of the person at the shell (SUDO_USER, USER).

Examples:
  $ vestibule actions list
  $ vestibule actions rollback 'Check contract' 6
  $ vestibule actions unbind 'Check contract' --logins-go-unchecked`;

interface JsonOption {
  readonly json?: boolean;
}

const LIST = 'vestibule actions list shows the Actions that run.';

async function withActions(world: World, work: (keeper: ActionKeeper) => Promise<ExitCode>): Promise<ExitCode> {
  const keeper = await world.openActions(parseConfig(world.env));
  try {
    return await work(keeper);
  } finally {
    await keeper.close();
  }
}

const byOf = ({ env }: World) => `${env.SUDO_USER || env.USER || env.LOGNAME || 'unknown'} (vestibule actions)`;
const dateOf = (date: Date) => `${date.toISOString().slice(0, 16).replace('T', ' ')}Z`;

function toJson({ trigger, id, name, version, former, stopped, lastReason }: RunningAction) {
  const toVersion = ({ number, deployedAt }: RunningAction['version']) => ({
    number,
    deployed_at: deployedAt.toISOString(),
  });
  const base = { trigger, id, name, version: toVersion(version), former: former.map(toVersion), stopped };
  return lastReason === undefined ? base : { ...base, last_reason: lastReason };
}

async function list({ json }: JsonOption, world: World): Promise<ExitCode> {
  return withActions(world, async (keeper) => {
    const actions = await keeper.list();
    if (json) {
      printJson(world, actions.map(toJson));
      return EXIT.done;
    }
    const rows = actions.map(({ trigger, name, version, former, stopped }) => [
      trigger,
      name,
      `${version.number} of ${dateOf(version.deployedAt)}`,
      String(stopped),
      former.map(({ number }) => number).join(', '),
    ]);
    const header = ['trigger', 'Action', 'version', 'stopped', 'earlier versions'];
    for (const line of formatTable(header, rows, world.width)) world.out(line);
    // The reason is an error message of the tenant's code, which may contain the name that a person gave themselves.
    for (const { name, lastReason } of actions)
      if (lastReason !== undefined)
        world.note(toPrintable(`'${name}' stopped somebody last because of: ${lastReason}`));
    world.note(actions.length === 0 ? 'No Action runs.' : 'stopped: sign-ins of the last 24 hours that ended there.');
    return EXIT.done;
  });
}

const unknownAction = (name: string) => new CommandError(EXIT.no, `no Action has the name or id '${name}'`, LIST);

async function rollBack(name: string, text: string, world: World): Promise<ExitCode> {
  const version = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
  if (version === undefined)
    throw new CommandError(EXIT.wrongUse, `'${text}' is no version`, 'Give its number, such as 6.');
  return withActions(world, async (keeper) => {
    const end = await keeper.rollBack(name, version, { by: byOf(world) });
    if (end === 'unknown_action') throw unknownAction(name);
    if (end === 'unknown_version')
      throw new CommandError(EXIT.no, `'${name}' has no version ${version}, or it is no longer kept`, LIST);
    if (end === 'runs_already') throw new CommandError(EXIT.no, `version ${version} of '${name}' runs already`, LIST);
    if ('refusal' in end) throw new CommandError(EXIT.no, `version ${version} cannot run: ${end.refusal}`, LIST);
    world.note(`'${name}' runs as in version ${version} from the next sign-in on (deployed as version ${end.number}).`);
    world.note('The draft still has the later code: correct it in the console before it is deployed again.');
    return EXIT.done;
  });
}

async function unbind(name: string, isMeant: boolean, world: World): Promise<ExitCode> {
  if (!isMeant)
    throw new CommandError(
      EXIT.wrongUse,
      `without '${name}', everybody whom it would refuse comes in, customers included`,
      'A version that worked keeps the check: vestibule actions rollback. To go without, add --logins-go-unchecked.',
    );
  return withActions(world, async (keeper) => {
    const end = await keeper.unbind(name, { by: byOf(world) });
    if (end === 'unknown_action') throw unknownAction(name);
    if (end === 'not_bound') throw new CommandError(EXIT.no, `'${name}' runs at no trigger`, LIST);
    if (end === 'changed_meanwhile')
      throw new CommandError(EXIT.no, 'somebody changed the order of the Actions at the same time', 'Try again.');
    world.note(`'${name}' is not asked at ${end.trigger} any more, from the next sign-in on. NOBODY IS CHECKED BY IT.`);
    world.note('It is still there: correct it, deploy it, and put it back into the order (console, Actions, Order).');
    return EXIT.done;
  });
}

/** Adds `actions` with its commands. */
export function addActions(program: Command, world: World, finish: (code: ExitCode) => void): void {
  const actions = program
    .command('actions')
    .description('the way out when an Action refuses everybody')
    .addHelpText('after', EXAMPLES);
  actions
    .command('list')
    .description('the Actions that run, whom they stopped, and their earlier versions')
    .option('--json', 'machine output')
    .action(async (options: JsonOption) => finish(await list(options, world)));
  actions
    .command('rollback')
    .description('deploy an earlier version again')
    .argument('<action>', 'its name or id')
    .argument('<version>', 'the number of the version')
    .action(async (name: string, version: string) => finish(await rollBack(name, version, world)));
  actions
    .command('unbind')
    .description('take it out of the order: it checks nobody from then on')
    .argument('<action>', 'its name or id')
    .option('--logins-go-unchecked', 'needed: people whom it would refuse come in')
    .action(async (name: string, { loginsGoUnchecked = false }: { readonly loginsGoUnchecked?: boolean }) =>
      finish(await unbind(name, loginsGoUnchecked, world)),
    );
}
