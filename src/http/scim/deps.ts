/** The dependencies of the SCIM endpoint (only ports), and the type of one call. */
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
  /** Logs refused writes. Its size is limited, since a directory may repeat a write endlessly. */
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** The company's directory that calls. It can reach one connection and nothing else. */
export interface ScimCaller {
  readonly connection: ConnectionRecord;
  readonly configuration: ScimConfiguration;
  readonly token: ScimToken;
}

export interface ScimCall extends ScimCaller {
  /** This server's data. In a request that writes, it belongs to the transaction of that request. */
  readonly directory: Directory;
  readonly now: Date;
}

/** Returns the scope of the store's methods: the connection, and so the people, that a caller may read and write. */
export function scopeOf({ connection, configuration }: Omit<ScimCaller, 'token'>): ScimScope {
  return {
    connectionId: connection.id,
    idBase: `${connection.strategy}|${connection.name}`,
    externalIdIsSubject: configuration.userIdAttribute === 'externalId',
  };
}
