/**
 * Builds the connectors to identity providers, by strategy. A strategy that is not listed here cannot sign anybody in;
 * all other parts read the strategies from this list.
 */

import type { Config } from '../config/config.js';
import { makeConnectionKey } from '../connectors/oidc/client-key.js';
import { createOidcConnector } from '../connectors/oidc/connector.js';
import { createOutboundFetch, type OutboundFetch } from '../connectors/outbound/fetch.js';
import { createSamlOnDemand } from '../connectors/saml/on-demand.js';
import type { Connection, Strategy } from '../domain/tenant.js';
import { ENTERPRISE_STRATEGIES, isSaml } from '../facts/strategies.js';
import type { Clock } from '../kernel/clock.js';
import type { Entropy } from '../kernel/ids.js';
import type { SecretBox } from '../kernel/seal.js';
import type { FindPublishedKeys, MakeConnectionKey } from '../ports/connection-keys.js';
import type { RedirectConnector } from '../ports/connector.js';
import type { FindServiceProvider } from '../ports/service-provider.js';
import type { LogoutPartners } from '../ports/single-logout.js';
import {
  findConnectionById,
  findConnectionNamed,
  listSamlConnections,
} from '../storage/login-store/named-connections.js';
import { createConnectionKeys, createPublishedKeys } from '../storage/secrets/connection-keys.js';
import { createServiceProviderKeys } from '../storage/secrets/service-provider-keys.js';

/** Limits of an IdP's answer: a tenth of a second is usual, five seconds means down. */
const OUTBOUND_LIMITS = { maxBytes: 1_048_576, timeoutMs: 5_000 };

export interface ComposedConnectors {
  readonly redirectConnector: (strategy: string) => RedirectConnector | undefined;
  /** Returns the transaction that an answer names, for every protocol. */
  readonly transactionOf: (field: (name: string) => string | undefined) => string | undefined;
  /** Strategies by which people can sign in: that of database connections, and those with a connector. */
  readonly strategies: readonly Strategy[];
  /** Finds a SAML connection by name, together with this server as its service provider. */
  readonly findServiceProvider: FindServiceProvider;
  /** Finds the connections that support single logout. */
  readonly logoutPartners: LogoutPartners;
  /** Returns the public keys of a connection, for its provider. */
  readonly findPublishedKeys: FindPublishedKeys;
  readonly makeConnectionKey: MakeConnectionKey;
  close(): Promise<void>;
}

/** Wraps the fetch to identity providers; the result must keep the limits of the given fetch. */
export type WrapOutbound = (fetch: OutboundFetch) => OutboundFetch;

interface ConnectorParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly pool: Parameters<typeof createServiceProviderKeys>[0];
  readonly boxes: { readonly rows: SecretBox };
  readonly logger: { warn(fields: object, message: string): void };
  readonly wrapOutbound?: WrapOutbound | undefined;
}

export interface Reach {
  /** For connections of the operators. */
  readonly operators: OutboundFetch;
  /** For connections that a customer made. */
  readonly customers: OutboundFetch;
}

/**
 * Creates the two ways to identity providers. Attack: a customer's administrator enters an address in a network that the
 * operator opened for a provider or a log collector of their own, and reads what answers there (ADR 0102).
 */
export function createReach(
  { outboundAllow, outboundAllowCustomers }: Pick<Config, 'outboundAllow' | 'outboundAllowCustomers'>,
  wrapOutbound: WrapOutbound = (plain) => plain,
): Reach {
  const create = (allow: readonly string[]) => wrapOutbound(createOutboundFetch({ allow, ...OUTBOUND_LIMITS }));
  return { operators: create(outboundAllow), customers: create(outboundAllowCustomers) };
}

/** Returns the way to the provider of a connection. */
export function reachOf(
  { managedByOrganization }: Pick<Connection, 'managedByOrganization'>,
  { operators, customers }: Reach,
): OutboundFetch {
  return managedByOrganization === undefined ? operators : customers;
}

type Made = Pick<Connection, 'managedByOrganization'>;

/** Creates one for each of the two ways; returns the one of a connection. */
function twice<Connector>(reach: Reach, create: (fetch: OutboundFetch) => Connector): (connection: Made) => Connector {
  const [ours, theirs] = [create(reach.operators), create(reach.customers)];
  return ({ managedByOrganization }) => (managedByOrganization === undefined ? ours : theirs);
}

/** Returns a connector that reaches the provider of a customer's connection only where customers may. */
function byMaker(of: (connection: Made) => RedirectConnector): RedirectConnector {
  return {
    shape: 'redirect',
    start: (connection, way, options) => of(connection).start(connection, way, options),
    findTransaction: (field) => of({}).findTransaction(field),
    finish: (connection, remembered, redirectUri, input) =>
      of(connection).finish(connection, remembered, redirectUri, input),
    examine: (connection) => of(connection).examine(connection),
  };
}

/** Builds the connectors. Sends no request. */
export function composeConnectors(parts: ConnectorParts): ComposedConnectors {
  const { config, clock, entropy, pool, boxes, logger, wrapOutbound = (plain) => plain } = parts;
  const tenant = new URL(config.origin).hostname;
  const reach = createReach(config, wrapOutbound);
  const oidcKeys = createConnectionKeys(pool, boxes.rows);
  const oidc = byMaker(twice(reach, (fetch) => createOidcConnector({ fetch, clock, entropy, keys: oidcKeys })));
  const samlOf = twice(reach, (fetch) =>
    createSamlOnDemand({
      fetch,
      clock,
      entropy,
      tenant,
      keys: createServiceProviderKeys(pool, boxes.rows),
      warn: (fields, message) => logger.warn(fields, message),
    }),
  );
  const saml = byMaker(samlOf);
  const connectors = new Map<string, RedirectConnector>(
    ENTERPRISE_STRATEGIES.map((strategy) => [strategy, isSaml(strategy) ? saml : oidc]),
  );
  const samlReads = { pool, box: boxes.rows, clock, strategies: ENTERPRISE_STRATEGIES.filter(isSaml) };
  return {
    redirectConnector: (strategy) => connectors.get(strategy),
    transactionOf: (field) =>
      [...new Set(connectors.values())].map((one) => one.findTransaction(field)).find((id) => id !== undefined),
    strategies: ['auth0', ...connectors.keys()] as Strategy[],
    async findServiceProvider(name) {
      const connection: Connection | undefined = await findConnectionNamed(samlReads, name);
      return connection && { connection, provider: samlOf(connection) };
    },
    logoutPartners: {
      async findById(connectionId) {
        const connection = await findConnectionById(samlReads, connectionId);
        return connection && { connection, logout: samlOf(connection) };
      },
      async listAddressed(input) {
        const { findLogoutIssuer } = await import('../connectors/saml/logout.js');
        const issuer = findLogoutIssuer(input);
        const connections = issuer === undefined ? [] : await listSamlConnections(samlReads, issuer);
        return connections.map((connection) => ({ connection, logout: samlOf(connection) }));
      },
    },
    findPublishedKeys: createPublishedKeys(pool),
    makeConnectionKey: (algorithm) => makeConnectionKey(algorithm, tenant, clock, entropy),
    close: async () => {
      await Promise.all([reach.operators.close(), reach.customers.close()]);
    },
  };
}
