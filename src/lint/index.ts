/**
 * Exports the linter. It loads a parser and tables of names of some hundred kilobytes, so import it only when code is
 * checked: `await import('../lint/index.js')`. Never executes the code.
 */
export { lintAction } from './lint-action.js';
export { type ParsedAction, parseAction } from './parse-action.js';
export { listRequired } from './required.js';
