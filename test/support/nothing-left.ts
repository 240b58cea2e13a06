/**
 * "Nothing is left": after a refusal every table has the content it had before. The exceptions are the lists here and
 * nowhere else; a table that is not named in them is compared row by row, also one that is added tomorrow.
 */
import { expect } from 'vitest';
import { diffSnapshots, type Snapshot } from './database.js';
import type { Instance } from './instance.js';

/** Tables that any refusal may change, each with the reason why. */
export const ALWAYS_LEFT: Readonly<Record<string, string>> = {
  logs: 'the one line by which an administrator finds the refusal; append only, so rows may come but not go',
};

/** Tables that a refusal may change besides where a password was tried or a code was mailed. */
export const LEFT_BY_SECRETS: Readonly<Record<string, string>> = {
  attempt_counters:
    'how often a password, a code or an address was tried: without it guessing has no limit; keys are hashes, networks are in clear',
  outbox: 'the mail with the code or the link: it has to leave before anybody can answer it',
};

/** The table that a login which does not fit into cookies may change besides, while it is unfinished. No other login touches it. */
export const LEFT_BY_LENGTH = 'cookie_overflow';

/** `identity`: only an IdP was involved. `secret`: a password was tried, or a code or a link mailed. */
export type Involved = 'identity' | 'secret';

/** Compares every table with `before`. */
export async function expectNothingLeft(
  instance: Instance,
  before: Snapshot,
  involved: Involved = 'identity',
): Promise<void> {
  const changed = diffSnapshots(before, await instance.snapshot());
  expect(changed.logs?.removed ?? [], 'lines of the log are never changed or removed').toEqual([]);
  const allowed = { ...ALWAYS_LEFT, ...(involved === 'secret' && LEFT_BY_SECRETS) };
  for (const table of Object.keys(allowed)) delete changed[table];
  expect(changed, 'something is left of a login that was refused').toEqual({});
}
