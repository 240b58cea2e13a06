/**
 * `vestibule guard check`: prints the linter's findings about a file. Reads one file (or stdin); writes nothing and
 * executes nothing.
 */
import { readFile } from 'node:fs/promises';
import type { Finding, FindingSeverity } from '../../domain/actions/action-finding.js';
import { toFileReason } from '../../kernel/file-errors.js';
import { SDK_MAJORS } from '../../lint/sdk/sdk-major.js';
import { CommandError, EXIT, type ExitCode } from '../../terminal/exit.js';
import { type Colour, createPaint, type Paint, printJson, toPrintable, wrap } from '../../terminal/lines.js';
import type { Terminal } from '../../terminal/terminal.js';

export interface GuardCheckOptions {
  readonly trigger?: string;
  readonly auth0Sdk: string;
  readonly json?: boolean;
}

/** Largest input, in characters: ten times Auth0's limit for an Action's code. A longer file is no Action. */
const MAX_CHARACTERS = 1_000_000;

const COLOURS: Readonly<Record<FindingSeverity, Colour>> = { error: 'red', warning: 'yellow', info: 'dim' };

async function readCode(file: string, terminal: Terminal): Promise<string> {
  let code: string;
  try {
    code = file === '-' ? await terminal.readInput() : await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandError(
      EXIT.wrongUse,
      `The Action cannot be read: ${toFileReason(error, 'read', file)}.`,
      'It takes a JavaScript file, or - for standard input.',
    );
  }
  if (code.length <= MAX_CHARACTERS) return code;
  throw new CommandError(
    EXIT.wrongUse,
    `${file} has ${code.length} characters: that is no Action.`,
    `An Action has at most 100 kB on Auth0; up to ${MAX_CHARACTERS} characters are read.`,
  );
}

/** Wraps prose; keeps code, comments and lists as they are. */
function formatFix(fix: string, width: number): readonly string[] {
  const isCode = fix.includes('\n') || /[;{}]$/.test(fix);
  return isCode ? fix.split('\n') : wrap(fix, width);
}

function formatFinding(file: string, finding: Finding, width: number, paint: Paint): readonly string[] {
  const { id, severity, line, column, message, why, fix, docs } = finding;
  const room = width - 2;
  return [
    `${toPrintable(file)}:${line}:${column} ${paint(severity, COLOURS[severity])} ${id}`,
    ...wrap(toPrintable(message), room).map((text) => `  ${text}`),
    ...wrap(why, room).map((text) => `  ${paint(text, 'dim')}`),
    ...formatFix(fix, room - 2).map((text) => `    ${toPrintable(text)}`),
    `  ${paint(docs, 'dim')}`,
    '',
  ];
}

function countText(findings: readonly Finding[]): string {
  const count = (severity: FindingSeverity): number => findings.filter((one) => one.severity === severity).length;
  const parts = (['error', 'warning', 'info'] as const).map((severity) => ({ severity, number: count(severity) }));
  const found = parts.filter(({ number }) => number > 0);
  return found
    .map(({ severity, number }) => `${number} ${severity}${number > 1 && severity !== 'info' ? 's' : ''}`)
    .join(', ');
}

/**
 * Runs the command: exit code 0 if nothing was found, else 1. Throws {@link CommandError} if the file cannot be read.
 */
export async function guardCheck(file: string, options: GuardCheckOptions, terminal: Terminal): Promise<ExitCode> {
  const code = await readCode(file, terminal);
  const { lintAction } = await import('../../lint/index.js');
  const auth0Sdk = SDK_MAJORS.find((major) => String(major) === options.auth0Sdk) ?? 4;
  const findings = lintAction({
    code,
    auth0Sdk,
    ...(options.trigger === undefined ? {} : { trigger: options.trigger }),
  });
  if (options.json === true) {
    printJson(terminal, { file, auth0_sdk: auth0Sdk, findings }, 'indented');
  } else {
    const name = file === '-' ? 'stdin' : file;
    const paint = createPaint(terminal.colourful);
    for (const finding of findings) {
      for (const line of formatFinding(name, finding, terminal.width, paint)) terminal.out(line);
    }
    terminal.note(findings.length === 0 ? 'Nothing found.' : `Found: ${countText(findings)}.`);
  }
  return findings.length === 0 ? EXIT.done : EXIT.no;
}
