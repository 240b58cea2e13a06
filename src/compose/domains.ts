/** Builds the parts for domain proofs: the name servers, and the worker that checks records again. */
import type { Logger } from 'pino';
import type { Config } from '../config/config.js';
import { createTextRecords } from '../connectors/dns/text-records.js';
import type { Clock } from '../kernel/clock.js';
import type { Closers } from '../kernel/closers.js';
import type { Entropy } from '../kernel/ids.js';
import type { DirectoryStore } from '../ports/directory.js';
import { createDomainWatch, type DomainWatchOptions } from '../storage/jobs/watch-domains.js';

interface Parts {
  readonly config: Config;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly pool: DomainWatchOptions['pool'];
  readonly closers: Closers;
  readonly directory: DirectoryStore;
  readonly mail: { readonly wake: () => void };
}

/** Builds the parts. The composition root starts the worker when the server listens. */
export function composeDomains(parts: Parts) {
  const { config, clock, entropy, logger: log, pool, closers, directory, mail } = parts;
  const textRecords = createTextRecords({ nameServers: config.nameServers, clock, entropy });
  const watch = createDomainWatch({ pool, directory, textRecords, onMailQueued: mail.wake, clock, entropy, log });
  closers.add(() => watch.stop());
  closers.addEarly(() => watch.stop());
  return { textRecords, watch };
}
