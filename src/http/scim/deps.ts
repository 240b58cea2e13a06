/** The dependencies of the SCIM endpoint (ports only), and one call of it. */
import type { Clock } from '../../kernel/clock.js';
import type { Entropy } from '../../kernel/ids.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { ScimConfiguration, ScimScope, ScimToken } from '../../ports/directory/scim.js';
import type { Directory, DirectoryStore } from '../../ports/directory.js';
import type { Ledger } from '../../ports/ledger.js';

export interface ScimDeps {
  /** Public origin without a trailing slash. */
  readonly origin: string;
  readonly directory: DirectoryStore;
  /** Logs refused writes. Bounded, since a directory may repeat a write endlessly. */
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** The calling directory of a company: it reaches one connection, and nothing else. */
export interface ScimCaller {
  readonly connection: ConnectionRecord;
  readonly configuration: ScimConfiguration;
  readonly token: ScimToken;
}

export interface ScimCall extends ScimCaller {
  /** The directory; for a request that writes, bound to that request's transaction. */
  readonly directory: Directory;
  readonly now: Date;
}

/** Returns the people that a caller may read and write. */
export function scopeOf({ connection, configuration }: Omit<ScimCaller, 'token'>): ScimScope {
  return {
    connectionId: connection.id,
    idBase: `${connection.strategy}|${connection.name}`,
    externalIdIsSubject: configuration.userIdAttribute === 'externalId',
  };
}
