/**
 * `vestibule operator`: the people who administer the tenant. Works on the database that the server's environment
 * names, while servers run, so that an operator who has the database is never locked out. Prints the link of an
 * invitation, and no other secret.
 */
import { type Command, Option } from 'commander';
import { parseConfig } from '../config/config.js';
import { OPERATOR_ROLES, type OperatorRole } from '../domain/operator-role.js';
import { parseEmail } from '../domain/people/email.js';
import type { OperatorFact, OperatorKeeper } from '../ports/operator-keeper.js';
import { CommandError, EXIT, type ExitCode } from '../terminal/exit.js';
import { formatTable, printJson } from '../terminal/lines.js';
import type { World } from './world.js';

const EXAMPLES = `
Needs the environment of the server (DATABASE_URL or VESTIBULE_DATA_DIR, and
VESTIBULE_SECRET_KEY), which has run on this database before.

Examples:
  $ vestibule operator invite olga@company.example
  $ vestibule operator invite sue@company.example --role support
  $ vestibule operator remove sue@company.example
  $ vestibule operator reset-factors olga@company.example`;

interface JsonOption {
  readonly json?: boolean;
}

async function withOperators(world: World, work: (keeper: OperatorKeeper) => Promise<ExitCode>): Promise<ExitCode> {
  const keeper = await world.openOperators(parseConfig(world.env));
  try {
    return await work(keeper);
  } finally {
    await keeper.close();
  }
}

async function invite(text: string, options: JsonOption & { readonly role: OperatorRole }, world: World) {
  const email = parseEmail(text);
  if (email === undefined)
    throw new CommandError(EXIT.wrongUse, `'${text}' is no email address`, 'Give one such as olga@company.example.');
  return withOperators(world, async (keeper) => {
    const { url, expiresAt } = await keeper.invite(email, options.role);
    if (options.json) printJson(world, { url, expires_at: expiresAt.toISOString() });
    else world.out(url);
    world.note(`This link makes ${email} an operator (${options.role}), once, until ${expiresAt.toISOString()}.`);
    world.note('Give it to nobody else: the person who opens it counts as the owner of this address.');
    return EXIT.done;
  });
}

async function list({ json }: JsonOption, world: World): Promise<ExitCode> {
  return withOperators(world, async (keeper) => {
    const operators = await keeper.list();
    if (json) {
      printJson(
        world,
        operators.map(({ userId, email, role }) => ({ user_id: userId, email, role })),
      );
      return EXIT.done;
    }
    const rows = operators.map(({ userId, email = '', role = '' }) => [email, role, userId]);
    for (const line of formatTable(['operator', 'role', 'user'], rows, world.width)) world.out(line);
    if (operators.length === 0) world.note('Nobody yet: vestibule operator invite ADDRESS');
    return EXIT.done;
  });
}

/**
 * Finds the operator with this address or id. Throws {@link CommandError} if there is none, or if several accounts have
 * the address.
 */
function findOperator(operators: readonly OperatorFact[], name: string): OperatorFact {
  const email = parseEmail(name);
  const found = operators.filter((operator) => operator.userId === name || (email && operator.email === email));
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  const what = first === undefined ? `no operator is ${name}` : `${found.length} operators have the address ${name}`;
  throw new CommandError(EXIT.no, what, 'vestibule operator list shows them; give the id of the user.');
}

async function remove(name: string, world: World): Promise<ExitCode> {
  return withOperators(world, async (keeper) => {
    const operator = findOperator(await keeper.list(), name);
    if ((await keeper.remove(operator.userId)) === 'last')
      throw new CommandError(
        EXIT.no,
        `${name} is the last owner who can sign in`,
        'Invite another owner first; the removal is possible once they have accepted.',
      );
    world.note(`${name} is no operator any more; their tokens open nothing from now on. Their account stays.`);
    return EXIT.done;
  });
}

async function resetFactors(name: string, world: World): Promise<ExitCode> {
  return withOperators(world, async (keeper) => {
    const operator = findOperator(await keeper.list(), name);
    await keeper.resetFactors(operator.userId);
    world.note(`The second factors and passkeys of ${name} are removed. They set up a new one at their next sign-in.`);
    return EXIT.done;
  });
}

/** Adds `operator` with its commands. */
export function addOperator(program: Command, world: World, finish: (code: ExitCode) => void): void {
  const operator = program
    .command('operator')
    .description('the people who run this tenant')
    .addHelpText('after', EXAMPLES);
  operator
    .command('invite')
    .description('print a one-time link that makes somebody an operator')
    .argument('<address>', 'their email address')
    .addOption(new Option('--role <role>', 'what they may do').choices(OPERATOR_ROLES).default('owner'))
    .option('--json', 'machine output')
    .action(async (address: string, options: JsonOption & { readonly role: OperatorRole }) =>
      finish(await invite(address, options, world)),
    );
  operator
    .command('list')
    .description('the operators, and what they may do')
    .option('--json', 'machine output')
    .action(async (options: JsonOption) => finish(await list(options, world)));
  operator
    .command('remove')
    .description('take somebody out; ends their tokens at once')
    .argument('<address>', 'their email address, or the id of the user')
    .action(async (name: string) => finish(await remove(name, world)));
  operator
    .command('reset-factors')
    .description('remove the second factors of somebody who lost them')
    .argument('<address>', 'their email address, or the id of the user')
    .action(async (name: string) => finish(await resetFactors(name, world)));
}
