/**
 * Auth0's option `idpinitiated`: whether a connection accepts unsolicited responses, and which application they sign in
 * to.
 */
import type { Connection } from '../../domain/tenant.js';
import type { ConnectorFailure } from '../../ports/connector.js';
import { fail } from '../oidc/failure.js';

export interface IdpInitiated {
  readonly clientId: string;
  readonly query: Readonly<Record<string, string>>;
}

/**
 * Returns the application, or the failure `saml.unsolicited`. Off unless the option says `enabled`, since any site can
 * post such a response.
 */
export function findIdpInitiated({ options }: Connection): IdpInitiated | ConnectorFailure {
  const given = options.idpinitiated;
  const option = typeof given === 'object' && given !== null ? (given as Readonly<Record<string, unknown>>) : {};
  const no = (detail: string) => fail('invalid', 'saml.unsolicited', detail);
  if (option.enabled !== true)
    return no('the response belongs to no login of this browser, and idpinitiated is not enabled for the connection');
  const { client_id: clientId, client_protocol: protocol = 'oidc', client_authorizequery: query = '' } = option;
  if (typeof clientId !== 'string' || clientId === '') return no('idpinitiated.client_id is missing');
  if (protocol !== 'oidc' && protocol !== 'oauth2') return no('idpinitiated.client_protocol takes oidc');
  if (typeof query !== 'string' || query.length > 2048) return no('idpinitiated.client_authorizequery is no query');
  return { clientId, query: Object.fromEntries(new URLSearchParams(query)) };
}
