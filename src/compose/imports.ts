/** Builds the parts for bulk imports of users. Only server.ts imports this. */

import { isCheckableHash } from '../connectors/password.js';
import type { Clock } from '../kernel/clock.js';
import type { Entropy } from '../kernel/ids.js';
import { parseUsersFile } from '../management/users/user-import-file.js';
import type { DirectoryStore } from '../ports/directory.js';
import type { StorageLog } from '../storage/database/log.js';
import type { createPool } from '../storage/database/pool.js';
import { createUserImportWorker, type UserImportWorkerOptions } from '../storage/jobs/run-user-imports.js';
import type { RowWorker } from '../storage/jobs/worker.js';
import type { Boxes } from './secrets.js';

interface Parts {
  readonly pool: ReturnType<typeof createPool>;
  readonly boxes: Boxes;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: StorageLog;
  readonly directory: DirectoryStore;
  readonly mail: { readonly wake: () => void };
}

/** Creates the worker of the imports; the caller starts and stops it. Wakes the mail worker when mail is queued. */
export function composeImports(
  { pool, boxes, clock, entropy, logger, directory, mail }: Parts,
  passwords: UserImportWorkerOptions['passwords'],
): RowWorker {
  const parseFile = (bytes: Uint8Array) => parseUsersFile(bytes, isCheckableHash);
  const shared = { pool, directory, box: boxes.rows, clock, entropy, log: logger };
  return createUserImportWorker({ ...shared, parseFile, onMailQueued: mail.wake, passwords });
}
