/**
 * Redeems an authorization code at the IdP's token endpoint (RFC 6749 section 4.1.3, RFC 7636) and returns the ID
 * token, not yet verified. Keeps only that token: the IdP's access and refresh tokens are not used.
 */
import * as client from 'openid-client';
import { Fault } from '../../kernel/errors.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { findOutboundError } from '../outbound/error.js';
import { NoConnectionKey } from './client-key.js';
import { fail, redact, toNetworkFailure, toStatusFailure } from './failure.js';
import type { Provider } from './provider.js';
import type { LoginSecrets } from './secrets.js';

/** Returns the innermost cause of an error, which names the reason: libraries wrap it in other errors. */
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

/** The claims whose types the library checks, in its order. It checks them before it looks for missing claims. */
const TYPES = [
  ['exp', 'number'],
  ['iat', 'number'],
  ['iss', 'string'],
  ['nbf', 'number'],
] as const;
const DEMANDED = ['aud', 'exp', 'iat', 'iss', 'sub', 'nonce'] as const;

/** Names the claim that is missing or of a wrong type (OpenID Connect Core 2); the library's error names none. */
function findBadClaim(claims: Readonly<Record<string, unknown>>): string {
  const mistyped = TYPES.find(([name, type]) => claims[name] !== undefined && typeof claims[name] !== type);
  if (mistyped !== undefined) return mistyped[0];
  if (claims.aud !== undefined && typeof claims.aud !== 'string' && !Array.isArray(claims.aud)) return 'aud';
  const missing = DEMANDED.find((name) => claims[name] === undefined);
  return missing ?? (typeof claims.sub === 'string' ? 'auth_time' : 'sub');
}

/** The cause of oauth4webapi's error, which openid-client wraps: the refused part of the answer. */
interface Refused {
  readonly body?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly claim?: string;
}

/** True for a valid token answer (RFC 6749 section 5.1) that lacks only the ID token. */
function lacksIdToken(body: Readonly<Record<string, unknown>>): boolean {
  const { access_token: access, token_type: type, expires_in: seconds, id_token: idToken } = body;
  const isRight = typeof access === 'string' && access !== '' && /^(bearer|dpop)$/i.test(String(type));
  return isRight && (seconds === undefined || Number(seconds) > 0) && (typeof idToken !== 'string' || idToken === '');
}

/**
 * Names the check of the ID token that openid-client failed (it reads the claims before {@link verifyIdToken} does);
 * undefined when the token answer itself was refused. Reads the error's cause, never its text.
 */
function findTokenCheck(error: Error, clientId: string): string | undefined {
  const { cause } = innermost(error);
  // The cause is a string if the token is no JWT.
  if (typeof cause === 'string') return 'id_token.malformed';
  const { body, header, claims, claim } = (cause ?? {}) as Refused;
  if (header !== undefined) return `id_token.${header.crit === undefined ? 'alg' : 'crit'}`;
  if (body !== undefined) return lacksIdToken(body) ? 'token.id_token' : undefined;
  if (claims === undefined) return undefined;
  // An audience list that includes this server fails only for lack of `azp`. So `azp` is the failed check, as in
  // verifyIdToken.
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

/** Redeems the code of `callback`: this server's address with the checked parameters `code` and, if sent, `iss`. */
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
