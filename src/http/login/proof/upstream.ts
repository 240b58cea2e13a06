/**
 * Builds the part of an authorization request that a connector may pass on to the identity provider. The options of the
 * connection choose which of these parameters it passes on.
 */
import { type AuthorizationRequest, hasPrompt } from '../../../domain/authorization-request.js';
import { oldestSignInSeconds } from '../../../login/sign-in-time.js';
import type { RedirectStartOptions } from '../../../ports/connector.js';

/**
 * Parameters that this server does not use but a connection may pass on. Auth0's ConnectionUpstreamAliasEnum has the
 * whole list.
 */
const FOR_THE_IDP: readonly string[] = ['acr_values', 'display', 'id_token_hint', 'resource', 'ui_locales'];

/** Returns those parameters among the unknown ones that a connection may pass on. */
export function keepForIdp(extra: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(extra).filter(([name]) => FOR_THE_IDP.includes(name)));
}

/**
 * Returns the options with which the connector starts. `loginHint` is the address that was typed, or that the request
 * named. `anew` asks for a sign-in without the provider's own session.
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
    // Sends the maximum age with `prompt=login` too: an identity provider need not return the time of the sign-in
    // otherwise.
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
