/**
 * The linter as others use it. It brings a parser and tables of names of some hundred kilobytes, so that it is imported only when code is
 * to be checked: `await import('../lint/index.js')`. Never runs the code.
 */
export { lintAction } from './lint-action.js';
export { type ParsedAction, parseAction } from './parse-action.js';
export { listRequired } from './required.js';
