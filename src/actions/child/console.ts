/** `console` of an Action: every line goes into the execution's report, none to the process's own output. */
import { defineProperty, formatLine, ownKeys } from './primordials.js';

const PRINTING = [
  'log',
  'info',
  'warn',
  'error',
  'debug',
  'trace',
  'dir',
  'dirxml',
  'table',
  'group',
  'groupCollapsed',
];

/** Removes the stack lines of this program and of Node, which do not help the reader. */
function withoutRunner(text: string): string {
  if (!text.includes('[stdin]:')) return text;
  return text
    .split('\n')
    .filter((line) => !/^\s+at .*(\[stdin\]:|\(?node:)/.test(line))
    .join('\n');
}

/** Redirects printed text to `print`, one text per call. */
export function redirectConsole(print: (text: string) => void): void {
  for (const name of ownKeys(console)) {
    if (typeof name !== 'string' || typeof Reflect.get(console, name) !== 'function' || name === 'Console') continue;
    const value = PRINTING.includes(name)
      ? (...values: unknown[]) => print(withoutRunner(formatLine(...(values as [unknown]))))
      : name === 'assert'
        ? (holds: unknown, ...values: unknown[]) => {
            if (!holds) print(`Assertion failed ${formatLine(...(values as [unknown]))}`);
          }
        : () => {};
    defineProperty(console, name, { value, writable: true, configurable: true, enumerable: true });
  }
}
