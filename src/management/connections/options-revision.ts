/**
 * `options_revision`, our addition: tells whether the options of a connection are still those that were read. They are replaced as a whole, so a
 * caller who read them before somebody else's change would take that back without knowing. Shows nothing of the revision itself.
 */
import { createHash } from 'node:crypto';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import { conflict } from '../api/errors.js';
import type { Call } from '../api/operation.js';

type Revised = Pick<ConnectionRecord, 'revision'>;

/** The value that an answer shows. */
export function toOptionsRevision({ revision }: Revised): string {
  return createHash('sha256').update(revision).digest('base64url').slice(0, 22);
}

/** Throws 409 `options_changed` where the caller names another one than that of `before`, whose row is locked. */
export function checkOptionsRevision({ query }: Pick<Call, 'query'>, before: Revised): void {
  const { options_revision: read } = query;
  if (read === undefined || read === toOptionsRevision(before)) return;
  throw conflict(
    'The options were changed after they were read: read the connection again, and send its options with your change.',
    'options_changed',
  );
}
