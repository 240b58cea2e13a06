/**
 * Redeems an authorization code at the IdP's token endpoint (RFC 6749 section 4.1.3, RFC 7636) and returns the ID token, still
 * to be verified. Keeps nothing of the answer but that token: the IdP's access and refresh tokens are not wanted.
 */
import * as client from 'openid-client';
import { Fault } from '../../kernel/errors.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { findOutboundError } from '../outbound/error.js';
import { NoConnectionKey } from './client-key.js';
import { fail, redact, toNetworkFailure, toStatusFailure } from './failure.js';
import type { Provider } from './provider.js';
import type { LoginSecrets } from './secrets.js';

/** The innermost error that says something: libraries wrap. */
function innermost(error: Error): Error {
  let current = error;
  for (let depth = 0; depth < 6 && current.cause instanceof Error; depth += 1) current = current.cause;
  return current;
}

function statusOf(error: Error): number | undefined {
  for (const holder of [error, error.cause]) {
    if (holder instanceof Response) return holder.status;
    if (holder instanceof Error && holder.cause instanceof Response) return holder.cause.status;
  }
  return undefined;
}

/** The order in which the library looks at the claims: types of those that are there, then those that are missing. */
const TYPES = [
  ['exp', 'number'],
  ['iat', 'number'],
  ['iss', 'string'],
  ['nbf', 'number'],
] as const;
const DEMANDED = ['aud', 'exp', 'iat', 'iss', 'sub', 'nonce'] as const;

/** The claim that is of a wrong type, or missing (OpenID Connect Core 2), where the library gives all claims and names none. */
function findBadClaim(claims: Readonly<Record<string, unknown>>): string {
  const mistyped = TYPES.find(([name, type]) => claims[name] !== undefined && typeof claims[name] !== type);
  if (mistyped !== undefined) return mistyped[0];
  if (claims.aud !== undefined && typeof claims.aud !== 'string' && !Array.isArray(claims.aud)) return 'aud';
  const missing = DEMANDED.find((name) => claims[name] === undefined);
  return missing ?? (typeof claims.sub === 'string' ? 'auth_time' : 'sub');
}

/** The error of oauth4webapi, which openid-client wraps, carries as its cause the part of the answer that it refuses. */
interface Refused {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly claim?: string;
}

/** True for a token answer (RFC 6749 section 5.1) in which nothing but the ID token is missing. */
function lacksIdToken(body: Readonly<Record<string, unknown>>): boolean {
  const { access_token: access, token_type: type, expires_in: seconds, id_token: idToken } = body;
  const isRight = typeof access === 'string' && access !== '' && /^(bearer|dpop)$/i.test(String(type));
  return isRight && (seconds === undefined || Number(seconds) > 0) && (typeof idToken !== 'string' || idToken === '');
}

/**
 * The name of the part of the ID token that openid-client refused (it looks at the claims before {@link verifyIdToken} does), by the cause of
 * its error and never by its text, or undefined when the token answer itself was refused.
 */
function findTokenCheck(error: Error, clientId: string): string | undefined {
  const { cause } = innermost(error);
  // The text that is no JWT.
  if (typeof cause === 'string') return 'id_token.malformed';
  const { body, header, claims, claim } = (cause ?? {}) as Refused;
  if (header !== undefined) return `id_token.${header.crit === undefined ? 'alg' : 'crit'}`;
  if (body !== undefined) return lacksIdToken(body) ? 'token.id_token' : undefined;
  if (claims === undefined) return undefined;
  // Several audiences, of which this server is one, and no azp: it is the azp that is wrong, as verifyIdToken says too.
  if (claim === 'aud' && Array.isArray(claims.aud) && claims.aud.includes(clientId)) return 'id_token.azp';
  return `id_token.${claim ?? findBadClaim(claims)}`;
}

function toExchangeFailure(
  error: unknown,
  clientId: string,
  secrets: readonly (string | undefined)[],
): ConnectorFailure {
  const inner = error instanceof Error ? innermost(error) : undefined;
  if (inner instanceof Fault) throw inner;
  if (inner instanceof NoConnectionKey) return fail('invalid', 'connection.key', `no key signs here: ${inner.message}`);
  const outbound = findOutboundError(error);
  if (outbound) return toNetworkFailure('token', outbound);
  if (error instanceof client.ResponseBodyError) {
    const text = `${error.error}: ${error.error_description ?? 'no description'} (status ${error.status})`;
    return fail(error.status >= 500 ? 'unreachable' : 'invalid', 'token.refused', redact(text, secrets));
  }
  if (error instanceof client.WWWAuthenticateChallengeError) return toStatusFailure('token', error.status);
  if (!(error instanceof Error)) return fail('invalid', 'token.http', 'unknown error');
  const status = statusOf(error);
  if (status !== undefined && status !== 200) return toStatusFailure('token', status);
  const check = findTokenCheck(error, clientId);
  return fail('invalid', check ?? 'token.response', redact(innermost(error).message, secrets));
}

/** `callback` is this server's address with the parameters that have been checked: `code`, and `iss` if it was sent. */
export async function redeemCode(
  provider: Provider,
  secrets: LoginSecrets,
  callback: URL,
): Promise<{ idToken: string } | ConnectorFailure> {
  const { settings, config } = provider;
  const code = callback.searchParams.get('code') ?? '';
  try {
    const tokens = await client.authorizationCodeGrant(config, callback, {
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      idTokenExpected: true,
      ...(settings.pkce ? { pkceCodeVerifier: secrets.codeVerifier } : {}),
    });
    return { idToken: tokens.id_token ?? '' };
  } catch (error) {
    return toExchangeFailure(error, settings.clientId, [
      code,
      settings.clientSecret,
      secrets.codeVerifier,
      secrets.nonce,
    ]);
  }
}
