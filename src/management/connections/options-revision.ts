/**
 * `options_revision`, an addition: detects whether the options of a connection have changed since they were read. They
 * are replaced as a whole, so a caller who read them before somebody else's change would undo it unknowingly. Does not
 * reveal the revision itself.
 */
import { createHash } from 'node:crypto';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import { conflict } from '../api/errors.js';
import type { Call } from '../api/operation.js';

type Revised = Pick<ConnectionRecord, 'revision'>;

/** Formats the revision of a connection's options for an answer. */
export function toOptionsRevision({ revision }: Revised): string {
  return createHash('sha256').update(revision).digest('base64url').slice(0, 22);
}

/** Throws 409 `options_changed` when the caller names another value than that of `before`, whose row is locked. */
export function checkOptionsRevision({ query }: Pick<Call, 'query'>, before: Revised): void {
  const { options_revision: read } = query;
  if (read === undefined || read === toOptionsRevision(before)) return;
  throw conflict(
    'The options were changed after they were read: read the connection again, and send its options with your change.',
    'options_changed',
  );
}
