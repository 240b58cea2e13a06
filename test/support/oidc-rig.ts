/** An OIDC connector, a connection and an identity provider, put together for tests; and the browser in between. */
import { createOidcConnector } from '../../src/connectors/oidc/connector.js';
import { createOutboundFetch } from '../../src/connectors/outbound/fetch.js';
import type { Connection } from '../../src/domain/tenant.js';
import { randomAlphanumeric, systemEntropy } from '../../src/kernel/ids.js';
import type { ConnectionKeySource } from '../../src/ports/connection-keys.js';
import type { CallbackInput, ConnectorAnswer, RedirectConnector, RedirectWay } from '../../src/ports/connector.js';
import { createManualClock, type ManualClock } from './manual-clock.js';
import { type ScriptedIdp, type ScriptedIdpOptions, startScriptedIdp } from './scripted-idp.js';
import { reachStandIns } from './stand-ins.js';

export const CALLBACK = 'http://localhost:3000/login/callback';
export const DANA = { sub: 'dana-at-the-idp', email: 'dana@acme.example', email_verified: true, name: 'Dana Duck' };

/** A login that a browser leaves from. */
export function newWay(): RedirectWay {
  return { transactionId: randomAlphanumeric(systemEntropy, 16), redirectUri: CALLBACK };
}

/** An enterprise connection with the given options. */
export function connectionWith(options: Connection['options'], overrides: Partial<Connection> = {}): Connection {
  return {
    id: 'con_AcmeAcmeAcmeAcme',
    name: 'acme-oidc',
    strategy: 'oidc',
    displayName: 'Acme',
    domainAliases: [],
    revision: 'r1',
    options,
    ...overrides,
  };
}

export interface OidcRig {
  readonly idp: ScriptedIdp;
  readonly connector: RedirectConnector;
  readonly connection: Connection;
  readonly clock: ManualClock;
  /** The whole way: start, sign in at the IdP, finish. `change` edits what the browser brings back. */
  login(login?: string, change?: (input: CallbackInput) => CallbackInput): Promise<ConnectorAnswer>;
  stop(): Promise<void>;
}

export interface OidcRigOptions {
  readonly idp?: Partial<ScriptedIdpOptions>;
  readonly options?: Connection['options'];
  readonly timeoutMs?: number;
  readonly allow?: readonly string[];
  /** Of a provider with a fixed address, whose options name no issuer; `oidc` if not given. */
  readonly strategy?: Connection['strategy'];
  readonly keys?: ConnectionKeySource;
}

/** Starts all of it; the clock begins at the real time. */
export async function startOidcRig(settings: OidcRigOptions = {}): Promise<OidcRig> {
  const idp = await startScriptedIdp({ people: { dana: DANA }, ...settings.idp });
  const clock = createManualClock();
  const fetch = reachStandIns(
    createOutboundFetch({
      allow: settings.allow ?? ['127.0.0.0/8'],
      maxBytes: 1_000_000,
      timeoutMs: settings.timeoutMs ?? 2000,
    }),
  );
  const connector = createOidcConnector({
    fetch,
    clock,
    entropy: systemEntropy,
    keys: settings.keys ?? { findCurrent: async () => undefined },
  });
  const { strategy = 'oidc' } = settings;
  const connection = connectionWith(
    {
      ...(strategy === 'oidc' && { issuer: idp.issuer }),
      client_id: idp.clientId,
      client_secret: idp.clientSecret,
      ...settings.options,
    },
    { strategy },
  );
  return {
    idp,
    connector,
    connection,
    clock,
    async login(login = 'dana', change = (input) => input) {
      const started = await connector.start(connection, newWay(), {});
      if (!started.ok) return started;
      const back = await idp.signIn(started.url, login);
      return connector.finish(connection, started.remember, CALLBACK, change(back));
    },
    async stop() {
      await fetch.close();
      await idp.stop();
    },
  };
}
