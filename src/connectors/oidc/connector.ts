/**
 * Sign-in at an OpenID Connect provider: strategies `oidc`, `okta`, `waad` and `google-apps`. Proves an identity only:
 * it knows no users and writes nothing. Every answer of an IdP becomes a value, never an exception.
 */
import { createHash } from 'node:crypto';
import * as client from 'openid-client';
import type { Connection } from '../../domain/tenant.js';
import type { Clock } from '../../kernel/clock.js';
import { Fault } from '../../kernel/errors.js';
import { type Entropy, secretsEqual } from '../../kernel/ids.js';
import type { ConnectionKeySource } from '../../ports/connection-keys.js';
import type {
  CallbackInput,
  ConnectorAnswer,
  ConnectorFailure,
  RedirectConnector,
  RedirectStartOptions,
  Remembered,
} from '../../ports/connector.js';
import { createBreaker } from '../breaker.js';
import type { OutboundFetch } from '../outbound/fetch.js';
import { fillUpstream } from '../upstream-params.js';
import { examineProvider } from './examine.js';
import { redeemCode } from './exchange.js';
import { fail, isFailure, redact } from './failure.js';
import { checkSigningKey, type IdTokenExpectation, toIdentity, verifyIdToken } from './id-token.js';
import type { Provider } from './provider.js';
import { createProviderCache } from './provider.js';
import { type LoginSecrets, newLoginSecrets, readLoginSecrets, transactionOf } from './secrets.js';

export interface OidcConnectorSettings {
  /** Sends requests to IdPs. Must come from createOutboundFetch, because customers configure the connections. */
  readonly fetch: OutboundFetch;
  readonly clock: Clock;
  readonly entropy: Entropy;
  /** The keys of connections that authenticate by private_key_jwt. */
  readonly keys: ConnectionKeySource;
}

type CallbackParameters = CallbackInput['parameters'];

/** Returns the shorter `max_age`: the request's or the connection's. */
function shorterAge(asked: number | undefined, configured: string | undefined): string | undefined {
  if (asked === undefined) return configured;
  const own = /^\d{1,9}$/.test(configured ?? '') ? Number(configured) : asked;
  return String(Math.min(asked, own));
}

function toAuthorizationParameters(
  { settings }: Provider,
  secrets: LoginSecrets,
  redirectUri: string,
  options: RedirectStartOptions,
): Record<string, string> {
  const hint = options.loginHint;
  const parameters = fillUpstream(settings.upstream, options);
  const maxAge = shorterAge(options.maxAge, parameters.max_age);
  // Assigns the protocol's own parameters last, so that an upstream parameter cannot replace a check.
  Object.assign(parameters, {
    client_id: settings.clientId,
    redirect_uri: redirectUri,
    scope: settings.scope,
    state: secrets.state,
    nonce: secrets.nonce,
    response_type: settings.flow === 'code' ? 'code' : 'id_token',
    ...(hint === undefined ? {} : { login_hint: hint }),
    ...(options.prompt?.length ? { prompt: options.prompt.join(' ') } : {}),
    ...(maxAge === undefined ? {} : { max_age: maxAge }),
  });
  Object.assign(parameters, settings.dialect.parameters);
  if (settings.flow === 'form_post') parameters.response_mode = 'form_post';
  if (settings.flow === 'code' && settings.pkce) {
    // Attack: a stolen code is redeemed by somebody else (RFC 7636; RFC 9700 section 2.1.1 asks PKCE of every client).
    parameters.code_challenge = createHash('sha256').update(secrets.codeVerifier).digest('base64url');
    parameters.code_challenge_method = 'S256';
  }
  return parameters;
}

/** Attack: login CSRF, an answer to a login that this browser did not begin. Checked before any request is sent. */
function checkState(secrets: LoginSecrets, { state }: CallbackParameters): ConnectorFailure | undefined {
  if (state !== undefined && secretsEqual(state, secrets.state)) return undefined;
  return fail(
    'invalid',
    'callback.state',
    state === undefined ? 'state is missing' : 'state is not the one that was sent',
  );
}

/**
 * Attack: mix-up (RFC 9207). The answer of an honest IdP is treated as that of a dishonest one, and the code is sent to
 * the dishonest one's token endpoint.
 */
function checkIss({ metadata, settings }: Provider, { iss }: CallbackParameters): ConnectorFailure | undefined {
  if (iss !== undefined && settings.dialect.isAnswerIssuer(iss, metadata.issuer)) return undefined;
  if (iss !== undefined)
    return fail('invalid', 'callback.iss', `expected ${metadata.issuer}, the answer is from ${iss}`);
  // An ID token names its issuer itself, so only a code needs the parameter (RFC 9207 section 2.4).
  const mustBeThere = metadata.sendsIss && settings.flow === 'code';
  return mustBeThere ? fail('invalid', 'callback.iss', 'iss is missing although the IdP says it sends it') : undefined;
}

/** Returns the IdP's own refusal (RFC 6749 section 4.1.2.1). */
function checkError(parameters: CallbackParameters, secrets: LoginSecrets): ConnectorFailure | undefined {
  const { error, error_description: description } = parameters;
  if (error === undefined) return undefined;
  const isDown = error === 'server_error' || error === 'temporarily_unavailable';
  const text = redact(`${error}: ${description ?? 'no description'}`, [
    secrets.codeVerifier,
    secrets.nonce,
    parameters.code,
  ]);
  return fail(isDown ? 'unreachable' : 'denied', 'idp.error', text);
}

/** Leaves `iss` out where openid-client would compare it with a template; {@link checkIss} has compared it already. */
function toCallbackUrl({ settings }: Provider, redirectUri: string, { code, state, iss }: CallbackParameters): URL {
  const url = new URL(redirectUri);
  const named = settings.dialect.isTemplate ? undefined : iss;
  for (const [name, value] of Object.entries({ code, state, iss: named })) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

async function findIdToken(
  provider: Provider,
  secrets: LoginSecrets,
  redirectUri: string,
  input: CallbackInput,
): Promise<{ idToken: string } | ConnectorFailure> {
  const { code, id_token: idToken } = input.parameters;
  if (provider.settings.flow === 'code') {
    // An ID token from the browser is ignored: this connection gets it from the IdP itself.
    if (!code) return fail('invalid', 'callback.code', 'code is missing');
    return redeemCode(provider, secrets, toCallbackUrl(provider, redirectUri, input.parameters));
  }
  // A token in an address would be stored in histories and logs.
  if (input.method !== 'POST')
    return fail('invalid', 'callback.method', 'the answer must be posted (response_mode=form_post)');
  return idToken ? { idToken } : fail('invalid', 'callback.id_token', 'id_token is missing');
}

/** Verifies a token and returns the identity that it proves. */
async function readIdentity(
  connection: Connection,
  { settings: { dialect, attributeMap }, metadata }: Provider,
  idToken: string,
  expected: IdTokenExpectation,
): Promise<ConnectorAnswer> {
  const claims = await verifyIdToken(idToken, expected);
  if (isFailure(claims)) return claims;
  const named = dialect.name(claims, metadata.issuer);
  if (isFailure(named)) return named;
  const { isKeyIssuer } = dialect;
  const foreign =
    isKeyIssuer && (await checkSigningKey(idToken, expected, (keyIssuer) => isKeyIssuer(keyIssuer, named.issuer)));
  return foreign ?? { ok: true, identity: toIdentity(connection, named, claims, attributeMap) };
}

/**
 * Creates the connector for every OpenID Connect strategy. One instance serves all connections; each has its own
 * breaker and cache.
 */
export function createOidcConnector({ fetch, clock, entropy, keys }: OidcConnectorSettings): RedirectConnector {
  const providers = createProviderCache(fetch, createBreaker({ clock }), clock, keys);

  const finish = async (
    connection: Connection,
    remembered: Remembered,
    redirectUri: string,
    input: CallbackInput,
  ): Promise<ConnectorAnswer> => {
    const secrets = readLoginSecrets(remembered);
    if (secrets === undefined) return fail('invalid', 'callback.state', 'nothing was remembered of this login');
    const forged = checkState(secrets, input.parameters);
    if (forged) return forged;
    const provider = await providers.get(connection);
    if (isFailure(provider)) return provider;
    const refused = checkIss(provider, input.parameters) ?? checkError(input.parameters, secrets);
    if (refused) return refused;
    const proof = await findIdToken(provider, secrets, redirectUri, input);
    if (isFailure(proof)) return proof;
    return readIdentity(connection, provider, proof.idToken, {
      issuer: provider.settings.dialect.isTemplate ? undefined : provider.metadata.issuer,
      clientId: provider.settings.clientId,
      nonce: secrets.nonce,
      algorithms: provider.settings.algorithms,
      keys: provider.keys,
      now: clock.now(),
    });
  };

  return {
    shape: 'redirect',
    async start(connection, { transactionId, redirectUri }, options) {
      const provider = await providers.get(connection);
      if (isFailure(provider)) return provider;
      const secrets = newLoginSecrets(transactionId, entropy);
      const parameters = toAuthorizationParameters(provider, secrets, redirectUri, options);
      const url = client.buildAuthorizationUrl(provider.config, parameters);
      return { ok: true, url: url.href, remember: { ...secrets } };
    },
    findTransaction: (field) => transactionOf(field('state')),
    async finish(connection, remembered, redirectUri, input) {
      try {
        return await finish(connection, remembered, redirectUri, input);
      } catch (error) {
        // Our own store failed: that is no answer of the provider.
        if (error instanceof Fault) throw error;
        // No known error reaches this line. An unknown error becomes a refused login with a log line, not a broken
        // page.
        return fail('invalid', 'connector.unexpected', error instanceof Error ? error.name : 'unknown error');
      }
    },
    examine: (connection) => examineProvider(connection, fetch),
  };
}
