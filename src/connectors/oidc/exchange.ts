/**
 * Redeems an authorization code at the IdP's token endpoint (RFC 6749 section 4.1.3, RFC 7636) and returns the ID token, still
 * to be verified. Keeps nothing of the answer but that token: the IdP's access and refresh tokens are not wanted.
 */
import * as client from 'openid-client';
import type { ConnectorFailure } from '../../ports/connector.js';
import { findOutboundError } from '../outbound/error.js';
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

/** openid-client looks at the ID token too; its messages name the part: `unexpected JWT "aud" (audience) claim value`. */
function findTokenCheck(error: Error): string | undefined {
  const { message, cause } = innermost(error);
  const claim = typeof cause === 'object' && cause !== null && 'claim' in cause ? cause.claim : undefined;
  // Several audiences and no azp: it is the azp that is wrong, as verifyIdToken says too.
  if (claim === 'aud' && /additional/.test(message)) return 'id_token.azp';
  if (typeof claim === 'string') return `id_token.${claim}`;
  const named = /(?:JWT|ID Token) "(\w+)"/.exec(message)?.[1];
  if (named !== undefined) return `id_token.${named}`;
  if (/"id_token" property/.test(message)) return 'token.id_token';
  return /JWT/.test(message) ? 'id_token.malformed' : undefined;
}

function toExchangeFailure(error: unknown, secrets: readonly (string | undefined)[]): ConnectorFailure {
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
  const check = findTokenCheck(error);
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
    return toExchangeFailure(error, [code, settings.clientSecret, secrets.codeVerifier, secrets.nonce]);
  }
}
