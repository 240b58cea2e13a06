/** Builds the metrics from the parts that they describe. Only server.ts imports this, where they are wanted. */
import { X509Certificate } from 'node:crypto';
import type { Config } from '../config/config.js';
import { createMetrics, type Metrics } from '../http/metrics.js';
import type { Clock } from '../kernel/clock.js';
import type { Readiness } from '../storage/database/health.js';
import type { createPool } from '../storage/database/pool.js';
import { readWaiting } from '../storage/database/waiting.js';
import { countWaiting } from '../storage/shares.js';

type Pool = ReturnType<typeof createPool>;

function readCertificateEnd({ readTls }: Config): Date | undefined {
  const pair = readTls();
  return pair && new Date(new X509Certificate(pair.cert).validTo);
}

/**
 * Creates the metrics, where a port is set for them. They send their queries through the connection pool `probe`,
 * so they neither wait for logins nor delay them. They count only the connections of `pool`.
 */
export function composeMetrics(
  config: Config,
  {
    pool,
    probe,
    checkReady,
  }: { readonly pool: Pool; readonly probe: Pool; readonly checkReady: () => Promise<Readiness> },
  clock: Clock,
): Metrics {
  const metrics = createMetrics();
  metrics.watchConnections({
    read: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      // Writes that wait for a place come first, for a connection afterwards: none is in both.
      waiting: pool.waitingCount + countWaiting(pool),
    }),
  });
  metrics.watchInstallation({
    checkReady,
    readWaiting: () => readWaiting(probe),
    readCertificateEnd: config.tls && (() => readCertificateEnd(config)),
    clock,
  });
  return metrics;
}
