/**
 * `options_revision`, an addition: detects whether a connection's options have changed since a caller read them. A
 * write replaces all options, so without this check it could undo somebody else's change unnoticed. Only a hash of the
 * stored revision is shown.
 */
import { createHash } from 'node:crypto';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import { conflict } from '../api/errors.js';
import type { Call } from '../api/operation.js';

type Revised = Pick<ConnectionRecord, 'revision'>;

/** Returns the revision of a connection's options for an answer: a hash in base64url. */
export function toOptionsRevision({ revision }: Revised): string {
  return createHash('sha256').update(revision).digest('base64url').slice(0, 22);
}

/**
 * Throws 409 `options_changed` when the caller sends a revision other than that of `before`. Requires a lock on its
 * row.
 */
export function checkOptionsRevision({ query }: Pick<Call, 'query'>, before: Revised): void {
  const { options_revision: read } = query;
  if (read === undefined || read === toOptionsRevision(before)) return;
  throw conflict(
    'The options were changed after they were read: read the connection again, and send its options with your change.',
    'options_changed',
  );
}
