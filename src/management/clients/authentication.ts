/**
 * The authentication of an application: `token_endpoint_auth_method` or `client_authentication_methods`, never both.
 * Stored as one setting with the ids of the keys in use. Fails closed: a change that leaves open which of the two
 * applies is refused.
 */
import type { ClientRecord } from '../../ports/directory/clients.js';
import { badBody, notSupported } from '../api/errors.js';
import { listOf, openTo, type Rows, replyOf } from '../api/wire.js';
import type { CredentialBody } from './credentials.js';
import { CLIENT_FIELDS } from './fields.js';

type Authentication = Pick<ClientRecord, 'tokenEndpointAuthMethod' | 'authenticationCredentials'>;

/** For an update, credentials are ids of stored ones; for a new client, they are complete. */
export interface AuthenticationBody {
  readonly token_endpoint_auth_method?: ClientRecord['tokenEndpointAuthMethod'] | null;
  readonly client_authentication_methods?: {
    readonly private_key_jwt?: { readonly credentials: readonly (CredentialBody | { readonly id: string })[] };
  } | null;
}

/** True for applications that cannot keep a secret. */
export const isPublic = (appType: string | null | undefined) => appType === 'spa' || appType === 'native';

/** Returns the default authentication method of an application. */
export function defaultMethod(appType: string | null | undefined): ClientRecord['tokenEndpointAuthMethod'] {
  return isPublic(appType) ? 'none' : 'client_secret_post';
}

/**
 * Returns the credentials that a body names for private_key_jwt; undefined when it names none. Throws 400 for other
 * methods.
 */
export function findNamedCredentials(
  body: AuthenticationBody,
): readonly (CredentialBody | { readonly id: string })[] | undefined {
  const methods = body.client_authentication_methods;
  if (methods === undefined || methods === null) return undefined;
  if (methods.private_key_jwt === undefined)
    throw notSupported(
      'client_authentication_methods: this server does not authenticate applications by TLS certificates. Use private_key_jwt.',
    );
  if (typeof body.token_endpoint_auth_method === 'string')
    throw badBody(
      'A client has either token_endpoint_auth_method or client_authentication_methods. Send null for the one that it is not to have.',
    );
  // An empty list is permitted, as on Auth0. The client then cannot authenticate until it gets a key.
  return methods.private_key_jwt.credentials;
}

/**
 * Returns the changes that a request's body makes to an application's authentication. `ids`: the ids of the credentials
 * of {@link findNamedCredentials}. Throws 400.
 */
export function toAuthentication(
  body: AuthenticationBody & { readonly app_type?: string | null },
  before: (Authentication & Pick<ClientRecord, 'appType'>) | undefined,
  ids: readonly string[] | undefined,
): Partial<Authentication> {
  if (ids !== undefined) return { tokenEndpointAuthMethod: 'private_key_jwt', authenticationCredentials: ids };
  const { token_endpoint_auth_method: method, client_authentication_methods: methods } = body;
  const hadKey = before?.tokenEndpointAuthMethod === 'private_key_jwt';
  if (hadKey && methods === undefined) {
    // Attack (downgrade): a caller who may change a client, but not its credentials, makes the client's old secret
    // valid again.
    if (typeof method === 'string')
      throw badBody('The client has client_authentication_methods: send null for it to go back to a secret.');
    return { tokenEndpointAuthMethod: 'private_key_jwt' };
  }
  if (typeof method === 'string') return { tokenEndpointAuthMethod: method, authenticationCredentials: [] };
  if (hadKey || method === null)
    return {
      tokenEndpointAuthMethod: defaultMethod(body.app_type ?? before?.appType),
      authenticationCredentials: [],
    };
  return {};
}

const KEYS = replyOf({ credentials: listOf(openTo(replyOf({ id: 'string' }))) });

/** The authentication of an application in answers: one of the two properties, as Auth0 shows them. */
export const AUTHENTICATION: Rows<Authentication> = {
  'token_endpoint_auth_method?': [
    CLIENT_FIELDS.tokenEndpointAuthMethod.schema,
    ({ tokenEndpointAuthMethod: method }) => (method === 'private_key_jwt' ? undefined : method),
  ],
  'client_authentication_methods?': [
    replyOf({}, { private_key_jwt: KEYS }),
    ({ tokenEndpointAuthMethod: method, authenticationCredentials }) =>
      method === 'private_key_jwt'
        ? { private_key_jwt: { credentials: authenticationCredentials.map((id) => ({ id })) } }
        : undefined,
  ],
};
