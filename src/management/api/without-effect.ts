/**
 * Refuses settings that a write may not ask for, and names those that it asks for in vain (src/facts/without-effect.ts).
 * Stored without effect and without a word, a setting would let its owner believe that it protects something. Never
 * names a value of the request, only properties of the table.
 */
import { findAsked } from '../../facts/without-effect.js';
import { notSupported } from './errors.js';
import type { Reply, Wire } from './operation.js';

/** Header of an answer to a write: the properties of the request that are stored and do nothing, with commas between. */
export const WITHOUT_EFFECT_HEADER = 'vestibule-without-effect';

/** Throws 400 when the body of a write at `path` turns on a setting that is refused here. */
export function refuseSettings(path: string, body: unknown): void {
  const { strategy } = (body ?? {}) as Wire;
  const wanted = findAsked(path, body, strategy).find((row) => row.is === 'refused');
  if (wanted !== undefined) throw notSupported(`${wanted.property}: ${wanted.because}`);
}

/** Returns the properties of the request that are stored and do nothing. `reply` names the strategy of a connection. */
export function namesWithoutEffect(path: string, body: unknown, reply: Pick<Reply, 'body'>): readonly string[] {
  const strategy = ((body ?? {}) as Wire).strategy ?? ((reply.body ?? {}) as Wire).strategy;
  return findAsked(path, body, strategy)
    .filter((row) => row.is === 'without_effect')
    .map((row) => row.property);
}
