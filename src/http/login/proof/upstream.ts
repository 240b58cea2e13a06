/**
 * The part of an authorization request that the identity provider may see. Decides nothing: the options of a connection
 * say which parameters it passes on, and the answer is checked when it comes.
 */
import { type AuthorizationRequest, hasPrompt } from '../../../domain/authorization-request.js';
import { oldestSignInSeconds } from '../../../login/sign-in-time.js';
import type { RedirectStartOptions } from '../../../ports/connector.js';

/**
 * Parameters without effect here that a connection may pass on (Auth0's ConnectionUpstreamAliasEnum has the whole
 * list).
 */
const FOR_THE_IDP: readonly string[] = ['acr_values', 'display', 'id_token_hint', 'resource', 'ui_locales'];

/** Returns the parameters unknown to this server that a connection may pass on. */
export function keepForIdp(extra: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(extra).filter(([name]) => FOR_THE_IDP.includes(name)));
}

/**
 * Returns the request for the connector. `loginHint` is the address that was typed, or that the request named; `anew`
 * asks for a fresh sign-in.
 */
export function toStartOptions(
  request: AuthorizationRequest,
  loginHint: string | undefined,
  anew: boolean,
): RedirectStartOptions {
  const maxAge = oldestSignInSeconds(request);
  const { audience, extra = {} } = request;
  return {
    ...(loginHint !== undefined && { loginHint }),
    prompt: (['select_account', 'login'] as const).filter(
      (prompt) => hasPrompt(request, prompt) || (anew && prompt === 'login'),
    ),
    // Sends the maximum age with prompt=login too: an IdP must return the time of the sign-in only when a maximum age
    // is requested.
    ...(maxAge !== undefined && { maxAge }),
    asked: {
      ...keepForIdp(extra),
      client_id: request.clientId,
      response_type: 'code',
      response_mode: request.responseMode,
      ...(audience !== undefined && { audience }),
      ...(request.maxAge !== undefined && { max_age: String(request.maxAge) }),
      ...(request.prompt !== undefined && { prompt: request.prompt.join(' ') }),
    },
  };
}
