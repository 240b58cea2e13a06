/**
 * Makes a server a rehearsal tenant (docs/auth0-double.md), through the one seam of the composition
 * ({@link Decorator}). No other file of this folder knows that there is one.
 */
import { type OtherDirectories, toDouble } from '../double/double.js';
import type { DoubleFacts } from '../double/facts.js';
import { type ConnectionPool, keepingTokens, openPoolSnapshot } from '../double/pool-views.js';
import { createPool, toFault } from '../storage/database/pool.js';
import { createDirectory } from '../storage/directory/index.js';
import type { Decorator, Parts } from './parts.js';

/** Connections for snapshots: two in use, one being opened, and one whose last read is finishing. */
const SNAPSHOT_CONNECTIONS = 4;

function otherDirectories({ config, boxes, pool, databaseUrl: url, logger: log, closers }: Parts): OtherDirectories {
  const { pooler } = config.database;
  const snapshots = createPool({
    url,
    log,
    pooler,
    maxConnections: SNAPSHOT_CONNECTIONS,
    applicationName: 'vestibule-double',
  });
  closers.add(() => snapshots.end());
  // A directory uses nothing else of a pool: it neither ends nor configures the one that it is given.
  const over = (view: ConnectionPool) => createDirectory(view as typeof pool, boxes.rows);
  return {
    keepingTokens: over(keepingTokens(pool)),
    async openSnapshot() {
      const snapshot = await openPoolSnapshot(snapshots).catch((error: unknown) => {
        throw toFault(error);
      });
      return { directory: over(snapshot.pool), close: snapshot.close };
    },
  };
}

/** Returns the decorator that makes a server a rehearsal tenant with these facts. */
export function rehearsalTenant(facts: DoubleFacts): Decorator {
  return { kind: 'auth0_double', decorate: (parts) => toDouble(parts, facts, otherDirectories(parts)) };
}
