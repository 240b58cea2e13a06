/**
 * The part of the composition root that is about identity providers: which connector speaks which strategy. Only compose.ts imports this. A
 * strategy that is not listed here cannot sign anybody in, and all other parts take the strategies from this list.
 */
import type { Config } from './config.js';
import { createOidcConnector } from './connectors/oidc/connector.js';
import { createOutboundFetch, type OutboundFetch } from './connectors/outbound/fetch.js';
import type { Strategy } from './domain/tenant.js';
import type { Clock } from './kernel/clock.js';
import type { Entropy } from './kernel/ids.js';
import type { RedirectConnector } from './ports/connector.js';

/** Limits of an IdP's answer: a tenth of a second is usual, five seconds is down. */
const OUTBOUND_LIMITS = { maxBytes: 1_048_576, timeoutMs: 5_000 };

export interface ComposedConnectors {
  readonly redirectConnector: (strategy: string) => RedirectConnector | undefined;
  /** The transaction that an answer names, whichever protocol it speaks. */
  readonly transactionOf: (field: (name: string) => string | undefined) => string | undefined;
  /** The strategies that can sign in: the database, and those with a connector. */
  readonly strategies: readonly Strategy[];
  close(): Promise<void>;
}

/** Changes how identity providers are reached; what it returns must keep the limits of the fetch that it gets. */
export type WrapOutbound = (fetch: OutboundFetch) => OutboundFetch;

/** Sends no request by itself. */
export function composeConnectors(parts: {
  config: Config;
  clock: Clock;
  entropy: Entropy;
  wrapOutbound?: WrapOutbound | undefined;
}): ComposedConnectors {
  const { config, clock, entropy, wrapOutbound = (plain) => plain } = parts;
  const fetch = wrapOutbound(createOutboundFetch({ allow: config.outboundAllow, ...OUTBOUND_LIMITS }));
  const oidc = createOidcConnector({ fetch, clock, entropy });
  const connectors = new Map<string, RedirectConnector>([
    ['oidc', oidc],
    ['okta', oidc],
    ['waad', oidc],
    ['google-apps', oidc],
  ] satisfies [Strategy, RedirectConnector][]);
  return {
    redirectConnector: (strategy) => connectors.get(strategy),
    transactionOf: (field) =>
      [...new Set(connectors.values())].map((one) => one.findTransaction(field)).find((id) => id !== undefined),
    strategies: ['auth0', ...connectors.keys()] as Strategy[],
    close: () => fetch.close(),
  };
}
