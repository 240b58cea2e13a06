/**
 * Decides whether an output has colours. The first rule that says something counts: `--no-color` (see
 * cli/program.ts), FORCE_COLOR, NO_COLOR (https://no-color.org), a terminal. Never writes.
 */
import type { Environment } from '../config/environment.js';

/**
 * True if the output gets colours. FORCE_COLOR works as in Node and npm: `0` and `false` switch colours off, all else
 * switches them on, a pipe included. An empty NO_COLOR says nothing.
 */
export function isColourful(env: Environment, isTerminal: boolean): boolean {
  const { FORCE_COLOR: forced, NO_COLOR: refused, TERM: kind } = env;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return isTerminal && !refused && kind !== 'dumb';
}
