/** Builds the rehearsal tenant (docs/auth0-double.md). No other file knows how one is built. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import type { Double } from '../double/double.js';
import type { DoubleFacts } from '../double/facts.js';
import type { Clock } from '../kernel/clock.js';
import type { Closers } from '../kernel/closers.js';
import type { SecretBox } from '../kernel/seal.js';
import type { DirectoryStore } from '../ports/directory.js';
import { createPool } from '../storage/database/pool.js';
import { openDirectorySnapshot } from '../storage/directory/index.js';

/** Connections for snapshots: two in use, one being opened, and one whose last read is finishing. */
const SNAPSHOT_CONNECTIONS = 4;

interface Parts {
  readonly config: Config;
  readonly directory: DirectoryStore;
  readonly databaseUrl: string;
  readonly boxes: { readonly rows: SecretBox };
  readonly clock: Clock;
  readonly logger: Logger;
  readonly closers: Closers;
}

/**
 * Builds the wrappers of the product's own parts. Undefined, with nothing loaded, for every server that is not a
 * double.
 */
export async function composeDouble(facts: DoubleFacts | undefined, parts: Parts): Promise<Double | undefined> {
  if (facts === undefined) return undefined;
  const { config, directory, databaseUrl: url, boxes, clock, logger: log, closers } = parts;
  const { createDouble } = await import('../double/double.js');
  const { pooler } = config.database;
  const pool = createPool({
    url,
    log,
    pooler,
    maxConnections: SNAPSHOT_CONNECTIONS,
    applicationName: 'vestibule-double',
  });
  closers.add(() => pool.end());
  const openSnapshot = () => openDirectorySnapshot(pool, boxes.rows);
  const double = await createDouble({ facts, directory, openSnapshot, clock, log });
  closers.add(() => double.close());
  return double;
}
