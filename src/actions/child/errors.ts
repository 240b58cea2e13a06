/**
 * Converts an Action's exception to text for the administrator. The text has the stack lines of the Action's own code,
 * and nothing about the machine.
 */
import type { ErrorText } from '../protocol.js';
import { slice } from './primordials.js';

const MAX_NAME = 100;
const MAX_MESSAGE = 2_000;
const MAX_STACK = 4_000;

function read(value: object, name: string): string | undefined {
  try {
    const text = Reflect.get(value, name) as unknown;
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}

function describe(value: unknown): string {
  try {
    return String(value);
  } catch {
    return 'a value that has no text';
  }
}

/** Returns those lines of the stack that point into one of `files`. */
function toOwnLines(stack: string, files: readonly string[]): string {
  const lines: string[] = [];
  for (const line of stack.split('\n')) {
    if (!/^\s+at /.test(line)) continue;
    if (files.some((file) => line.includes(`${file}:`))) lines.push(`    ${line.trim()}`);
  }
  return lines.join('\n');
}

/** Returns the place of a syntax error, which V8 puts into the first line: `name.js:3`. */
function findSyntaxLine(stack: string, files: readonly string[]): string {
  const first = stack.split('\n', 1)[0] ?? '';
  return files.some((file) => first.startsWith(`${file}:`)) ? `    at ${first}` : '';
}

/** Converts any thrown value, even an object whose getters throw. `files` are the names of the Actions' own scripts. */
export function toErrorText(thrown: unknown, files: readonly string[]): ErrorText {
  try {
    const isObject = (typeof thrown === 'object' && thrown !== null) || typeof thrown === 'function';
    const name = (isObject ? read(thrown, 'name') : undefined) ?? 'Error';
    const message = (isObject ? read(thrown, 'message') : undefined) ?? describe(thrown);
    const raw = (isObject ? read(thrown, 'stack') : undefined) ?? '';
    const place = toOwnLines(raw, files) || findSyntaxLine(raw, files);
    const stack = `${name}: ${message}${place === '' ? '' : `\n${place}`}`;
    return {
      name: slice(name, 0, MAX_NAME),
      message: slice(message, 0, MAX_MESSAGE),
      stack: slice(stack, 0, MAX_STACK),
    };
  } catch {
    return {
      name: 'Error',
      message: 'an exception that cannot be read',
      stack: 'Error: an exception that cannot be read',
    };
  }
}
