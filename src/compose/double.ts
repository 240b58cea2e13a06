/** The part of the composition root that is about the rehearsal tenant (docs/auth0-double.md). The only file that knows how one is built. */
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

/** Two snapshots that serve, one that is opened, and one that is read to its end. */
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

/** The parts to put around the product's own; undefined, and nothing loaded, for every server that was not started as a double. */
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
