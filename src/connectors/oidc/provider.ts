/**
 * A bounded cache of identity providers that are ready to use. Keyed by connection and revision, so a changed
 * connection is discovered again. After a failed discovery the next call tries again. Only after several failures
 * within seconds do calls get the last failure, until the next discovery is permitted.
 */
import * as client from 'openid-client';
import type { Connection } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import type { ConnectionKeySource } from '../../ports/connection-keys.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import type { Breaker } from '../breaker.js';
import { type Budget, createBudget } from '../budget.js';
import type { OutboundFetch, OutboundRequest } from '../outbound/fetch.js';
import { signWithCurrentKey } from './client-key.js';
import { fail, isFailure } from './failure.js';
import type { KeySource } from './keys.js';
import { createKeySource } from './keys.js';
import type { ConnectionFetch, ProviderMetadata } from './metadata.js';
import { findMetadata } from './metadata.js';
import type { OidcSettings } from './settings.js';
import { parseSettings } from './settings.js';

const MAX_AGE_MS = 10 * 60_000;
const MAX_PROVIDERS = 1000;
/**
 * Budget of failed discoveries per connection: anybody can begin a login, and each would cause a request to the IdP.
 */
const FAILURES = { atOnce: 5, everyMs: 6_000 } as const;
/**
 * Switches off openid-client's time checks (a tolerance of a century): verifyIdToken checks times by this server's
 * clock.
 */
const LEAVE_TIMES_ALONE_SECONDS = 100 * 365 * 86_400;

export interface Provider {
  readonly settings: OidcSettings;
  readonly metadata: ProviderMetadata;
  readonly config: client.Configuration;
  readonly keys: KeySource;
}

export interface ProviderCache {
  get(connection: Connection): Promise<Provider | ConnectorFailure>;
}

function toClientAuth({ authMethod, clientSecret }: OidcSettings, signer: () => client.ClientAuth): client.ClientAuth {
  if (authMethod === 'private_key_jwt') return signer();
  if (authMethod === 'client_secret_basic') return client.ClientSecretBasic(clientSecret);
  return authMethod === 'client_secret_post' ? client.ClientSecretPost(clientSecret) : client.None();
}

function toServer(settings: OidcSettings, metadata: ProviderMetadata): client.ServerMetadata {
  return {
    issuer: metadata.issuer,
    authorization_endpoint: metadata.authorization_endpoint,
    jwks_uri: metadata.jwks_uri,
    // Where the issuer is a template, the connector compares `iss` itself.
    authorization_response_iss_parameter_supported: metadata.sendsIss && !settings.dialect.isTemplate,
    id_token_signing_alg_values_supported: [...settings.algorithms],
    ...(metadata.token_endpoint === undefined ? {} : { token_endpoint: metadata.token_endpoint }),
  };
}

/**
 * Configures openid-client for an issuer that is Entra's template. The library compares `iss` with the template only
 * after a discovery of its own at Entra's public address. It is given the document that was already checked; no request
 * is sent.
 */
function discoverLocally(
  server: client.ServerMetadata,
  clientId: string,
  tolerance: object,
  auth: client.ClientAuth,
): Promise<client.Configuration> {
  const answer = async () => Response.json(server);
  const entra = new URL('https://login.microsoftonline.com/organizations/v2.0');
  return client.discovery(entra, clientId, tolerance, auth, { [client.customFetch]: answer });
}

async function toConfiguration(
  settings: OidcSettings,
  metadata: ProviderMetadata,
  fetch: ConnectionFetch,
  signer: () => client.ClientAuth,
): Promise<client.Configuration> {
  const server = toServer(settings, metadata);
  const tolerance = { [client.clockTolerance]: LEAVE_TIMES_ALONE_SECONDS };
  const auth = toClientAuth(settings, signer);
  const config = settings.dialect.isTemplate
    ? await discoverLocally(server, settings.clientId, tolerance, auth)
    : new client.Configuration(server, settings.clientId, tolerance, auth);
  config[client.customFetch] = fetch;
  // No time limit here, because the fetch has one.
  config.timeout = 0;
  // The fetch refuses http except to networks that the operator allowed.
  if (metadata.issuer.startsWith('http:')) client.allowInsecureRequests(config);
  return config;
}

interface Entry {
  readonly loadedAtMs: number;
  readonly provider: Promise<Provider | ConnectorFailure>;
}

interface Failing {
  readonly budget: Budget;
  readonly last: ConnectorFailure;
}

/** Adds an entry to `known` and keeps the newest {@link MAX_PROVIDERS}. */
function remember<Value>(known: Map<string, Value>, key: string, value: Value): void {
  known.delete(key);
  known.set(key, value);
  for (const oldest of known.keys()) {
    if (known.size <= MAX_PROVIDERS) break;
    known.delete(oldest);
  }
}

/** True for failures that the breaker counts: the IdP did not answer at all. */
const isLeftToBreaker = ({ check }: ConnectorFailure): boolean => /^idp\.|\.(network|timeout)$/.test(check);

/** Creates the cache; simultaneous callers of one connection share one discovery. */
export function createProviderCache(
  fetch: OutboundFetch,
  breaker: Breaker,
  clock: Clock,
  ownKeys: ConnectionKeySource,
): ProviderCache {
  const entries = new Map<string, Entry>();
  const failing = new Map<string, Failing>();

  const find = async (key: string, connection: Connection): Promise<Provider | ConnectorFailure> => {
    const settings = parseSettings(connection);
    if (isFailure(settings)) return settings;
    const { unfinished } = settings.dialect;
    if (unfinished !== undefined) return fail('invalid', 'connection.options', unfinished);
    const guarded: ConnectionFetch = (url, init) => breaker.run(key, () => fetch(url, init as OutboundRequest));
    const metadata = await findMetadata(settings, guarded);
    if (isFailure(metadata)) return metadata;
    const keys = createKeySource(metadata.jwks_uri, guarded, clock);
    const signer = () => signWithCurrentKey(connection.id, settings.assertionAudience, ownKeys);
    return { settings, metadata, config: await toConfiguration(settings, metadata, guarded, signer), keys };
  };

  const load = async (key: string, connection: Connection): Promise<Provider | ConnectorFailure> => {
    const before = failing.get(key);
    if (before !== undefined && before.budget.waitMs() > 0) return before.last;
    const found = await find(key, connection);
    if (!isFailure(found)) failing.delete(key);
    else if (!isLeftToBreaker(found)) {
      const budget = before?.budget ?? createBudget(clock, FAILURES);
      budget.take();
      remember(failing, key, { budget, last: found });
    }
    return found;
  };

  return {
    async get(connection) {
      const key = `${connection.id}@${connection.revision}`;
      const known = entries.get(key);
      const isFresh = known !== undefined && clock.monotonicMs() - known.loadedAtMs < MAX_AGE_MS;
      const entry = isFresh ? known : { loadedAtMs: clock.monotonicMs(), provider: load(key, connection) };
      remember(entries, key, entry);
      try {
        const provider = await entry.provider;
        if (isFailure(provider) && entries.get(key) === entry) entries.delete(key);
        return provider;
      } catch (error) {
        if (entries.get(key) === entry) entries.delete(key);
        return fail('invalid', 'connection.options', error instanceof Error ? error.message : 'unknown error');
      }
    },
  };
}
