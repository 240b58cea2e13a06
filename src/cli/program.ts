/**
 * The command line: names, options, help, and the exit code. Parses and delegates; each command has its own file. Wrong
 * use prints two lines on stderr (the mistake, then the remedy) and exits with 2.
 */
import { Command, CommanderError, Option } from 'commander';
import { StartError, toMessage } from '../kernel/errors.js';
import { readVersion } from '../kernel/package-files.js';
import { toSourcePlaces } from '../kernel/source-places.js';
import { addGuard, addRollout, RemoteError } from '../tenant-tools/index.js';
import { CommandError, EXIT, type ExitCode } from '../terminal/exit.js';
import { paint, toCleanTerminal } from '../terminal/lines.js';
import { addActions } from './actions.js';
import { addCompletion } from './completion/command.js';
import { askAboutCommand, askAboutError, findCommand, type NamedCommand } from './did-you-mean.js';
import { addDoctor } from './doctor.js';
import { type ExplainOptions, explain } from './explain.js';
import { addKeys } from './keys.js';
import { addOperator } from './operator.js';
import { parseWorkers, type ServeOptions, serve } from './serve.js';
import type { World } from './world.js';

/** Read by {@link takeNoColour} alone: it holds for every command, and the help of each has no line for it. */
const NO_COLOUR = '--no-color';

const EXAMPLES = `
Examples:
  $ PORT=3000 vestibule serve
  $ vestibule explain dana@acme.example --organization acme
Exit codes: 0 done, 1 the answer is no, 2 wrong use, 3 the other side failed.
Environment: docs/configuration.md. Without colours: --no-color, NO_COLOR.`;

const EXPLAIN_EXAMPLES = `
Without --domain and its two companions (or AUTH0_DOMAIN, AUTH0_CLIENT_ID,
AUTH0_CLIENT_SECRET) it asks the server at VESTIBULE_URL as
VESTIBULE_MANAGEMENT_CLIENT_ID. Writes nothing; ends with 0 only if admitted.

Examples:
  $ vestibule explain sam@acme.example --organization acme
  $ vestibule explain sam@acme.example --organization acme --claims sam.json`;

function addExplain(program: Command, world: World, finish: (code: ExitCode) => void): void {
  program
    .command('explain')
    .description('what would happen to this login; writes nothing')
    .argument('<email>', 'address of the person')
    .requiredOption('--organization <name>', 'organization (name or id) to enter')
    .option('--connection <name>', 'connection to come through, else discovery decides')
    .option('--claims <file>', 'JSON file: what the identity provider would say')
    .option('--domain <host>', 'tenant to ask, over https')
    .option('--client-id <id>', 'machine client of that tenant')
    .option('--client-secret <secret>', 'its secret (better in AUTH0_CLIENT_SECRET)')
    .option('--json', 'machine output')
    .addHelpText('after', EXPLAIN_EXAMPLES)
    .action(async (email: string, options: ExplainOptions) => finish(await explain(email, options, world)));
}

/** Prints help line by line. Its text is ours, or repeats what the person at the shell typed. */
function printLines(text: string, print: World['out']): void {
  for (const line of text.trimEnd().split('\n')) print(/^Examples?:$/.test(line) ? paint(line, 'bold') : line);
}

function buildProgram(world: World, finish: (code: ExitCode) => void): Command {
  const program = new Command('vestibule')
    .description('Sign-in for B2B applications whose login is one transaction.')
    .version(readVersion(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    // Switched off in favour of did-you-mean.ts, which also corrects wrong values, and options that the parser reports
    // as missing.
    .showSuggestionAfterError(false)
    .configureHelp({ helpWidth: world.width, styleTitle: (title) => paint(title, 'bold') })
    .configureOutput({
      writeOut: (text) => printLines(text, world.out),
      writeErr: (text) => printLines(text, world.note),
      outputError: () => {},
    });
  program
    .command('serve')
    .description('the server alone, configured by the environment')
    .option('--workers <n>', 'processes that share the port, for several processors', parseWorkers)
    .addOption(
      new Option('--profile <name>', 'a rehearsal tenant that imitates Auth0, for tools; never for people').choices([
        'auth0',
      ]),
    )
    .option('--double-facts <file>', 'JSON file: its switches (docs/auth0-double.md)')
    .action(async (options: ServeOptions) => finish(await serve(options, world)));
  addExplain(program, world, finish);
  addRollout(program, world, finish);
  addGuard(program, world, finish);
  addKeys(program, world, finish);
  addOperator(program, world, finish);
  addActions(program, world, finish);
  addDoctor(program, world, finish);
  addCompletion(program, world, finish);
  inheritSettings(program);
  return program;
}

/**
 * Makes sub-commands at every level print and exit as the program does. None gets a sub-command `help`, since all have
 * `--help`.
 */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) {
    command.exitOverride().copyInheritedSettings(parent).helpCommand(false);
    inheritSettings(command);
  }
}

/** Prints an error: what is wrong, then the remedy. */
function printError(message: string, remedy: string | undefined, world: World): void {
  world.note(`${paint('vestibule:', 'red')} ${message}`);
  if (remedy !== undefined) world.note(remedy);
}

/** Prints the error in two lines and returns its exit code. */
function report(error: unknown, named: NamedCommand, argv: readonly string[], world: World): ExitCode {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    if (error.code === 'commander.help') return EXIT.wrongUse;
    const remedy = `${askAboutError(error, named, argv)}Try: ${named.path} --help`;
    printError(error.message.replace(/^error: /, ''), remedy, world);
    return EXIT.wrongUse;
  }
  if (error instanceof CommandError) {
    printError(error.message, error.advice, world);
    return error.exitCode;
  }
  if (error instanceof RemoteError) {
    printError(error.message, error.advice, world);
    return error.end === 'refused' ? EXIT.wrongUse : EXIT.otherSide;
  }
  if (error instanceof StartError) {
    printError(error.message, undefined, world);
    return EXIT.wrongUse;
  }
  printError(toMessage(error), undefined, world);
  // The message is printed above, and may have several lines.
  const places = error instanceof Error ? toSourcePlaces(error.stack ?? '').split('\n') : [];
  for (const line of places.filter((text) => /^ {4}at /.test(text))) world.note(line);
  return EXIT.otherSide;
}

/** Takes `--no-color` out of the words before `--`: it holds for every command, wherever it stands. */
function takeNoColour(argv: readonly string[]): { readonly words: readonly string[]; readonly isPlain: boolean } {
  const end = argv.indexOf('--');
  const words = argv.filter((word, at) => word !== NO_COLOUR || (end !== -1 && at > end));
  return { words, isPlain: words.length < argv.length };
}

/** Runs the command of `argv` (without node and script) and returns the exit code. Never throws. */
export async function runCommandLine(argv: readonly string[], raw: World): Promise<ExitCode> {
  const { words, isPlain } = takeNoColour(argv);
  const world = toCleanTerminal(isPlain ? { ...raw, colourful: false, colourfulNotes: false } : raw);
  let code: ExitCode = EXIT.done;
  const program = buildProgram(world, (result) => {
    code = result;
  });
  const named = findCommand(program, words);
  try {
    // Checked before parsing: with --help, an unknown command would print the help of another one and exit with 0.
    if (named.unknown !== undefined)
      throw new CommandError(
        EXIT.wrongUse,
        `unknown command '${named.unknown}'`,
        `${askAboutCommand(named)}Try: ${named.path} --help`,
      );
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    return report(error, named, words, world);
  }
}
