/** The part of the composition root that is about the rehearsal tenant (docs/auth0-double.md). The only file that knows how one is built. */
import type { Logger } from 'pino';
import type { Double } from './double/double.js';
import type { DoubleFacts } from './double/facts.js';
import type { DirectoryStore } from './ports/directory.js';

interface Parts {
  readonly directory: DirectoryStore;
  readonly logger: Logger;
}

/** The parts to put around the product's own; undefined, and nothing loaded, for every server that was not started as a double. */
export async function composeDouble(
  facts: DoubleFacts | undefined,
  { directory, logger }: Parts,
): Promise<Double | undefined> {
  if (facts === undefined) return undefined;
  const { createDouble } = await import('./double/double.js');
  return createDouble({ facts, directory, log: logger });
}
