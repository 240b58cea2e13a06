/** Builds the parts for log streams: requests to their endpoints, and the worker that sends. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { createLogDelivery } from '../connectors/log-delivery.js';
import { createOutboundFetch } from '../connectors/outbound/fetch.js';
import type { Clock } from '../kernel/clock.js';
import type { Closers } from '../kernel/closers.js';
import type { Entropy } from '../kernel/ids.js';
import type { SecretBox } from '../kernel/seal.js';
import { LOG } from '../management/logs/logs.js';
import type { DirectoryStore } from '../ports/directory.js';
import { createLogStreamWorker, type LogStreamWorkerOptions } from '../storage/jobs/run-log-streams.js';
import type { RowWorker } from '../storage/jobs/worker.js';

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly boxes: { readonly rows: SecretBox };
  readonly pool: LogStreamWorkerOptions['pool'];
  readonly closers: Closers;
  readonly directory: DirectoryStore;
}

/** Limits of an answer: small, because only the status of an endpoint's answer is read. */
const LIMITS = { maxBytes: 65_536, timeoutMs: 10_000 };

/** Builds the worker. The composition root starts it when the server listens. */
export function composeLogStreams(parts: Parts): RowWorker {
  const { config, clock, entropy, logger: log, boxes, pool, closers, directory } = parts;
  const fetch = createOutboundFetch({ allow: config.outboundAllow, ...LIMITS });
  closers.add(() => fetch.close());
  const delivery = createLogDelivery({ fetch, limitMs: LIMITS.timeoutMs, clock, toLine: LOG.show });
  const { logs } = directory;
  const worker = createLogStreamWorker({ pool, box: boxes.rows, logs, delivery, clock, entropy, log });
  closers.add(() => worker.stop());
  closers.addEarly(() => worker.stop());
  return worker;
}
