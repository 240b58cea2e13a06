/** A company's directory that calls the SCIM endpoint of a running server, and the settings that it needs. */
import type { Instance, Json } from '../support/instance.js';

export interface ScimAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by path.
  readonly body: any;
  readonly headers: Headers;
}

export interface Company {
  readonly connectionId: string;
  readonly token: string;
  readonly tokenId: string;
  /** Below `/scim/v2/connections/{id}`; the body is sent as it is when it is a text. */
  call(method: string, path: string, body?: unknown, token?: string): Promise<ScimAnswer>;
  create(user: Json): Promise<ScimAnswer>;
  patch(id: string, ...operations: readonly Json[]): Promise<ScimAnswer>;
  find(filter: string): Promise<ScimAnswer>;
}

/** Calls the endpoint of a connection with a token. */
export async function callScim(
  origin: string,
  connectionId: string,
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<ScimAnswer> {
  const response = await fetch(`${origin}/scim/v2/connections/${connectionId}${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/scim+json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
}

/** Turns SCIM on for a connection and issues a token. */
export async function startCompany(
  instance: Instance,
  connectionId: string,
  settings: { configuration?: Json; token?: Json } = {},
): Promise<Company> {
  const path = `/connections/${connectionId}/scim-configuration`;
  await instance.api('POST', path, settings.configuration ?? {});
  const issued = await instance.api('POST', `${path}/tokens`, settings.token ?? {});
  const token = issued.token as string;
  const call: Company['call'] = (method, at, body, other = token) =>
    callScim(instance.origin, connectionId, other, method, at, body);
  return {
    connectionId,
    token,
    tokenId: issued.token_id as string,
    call,
    create: (user) => call('POST', '/Users', user),
    patch: (id, ...Operations) => call('PATCH', `/Users/${encodeURIComponent(id)}`, { Operations }),
    find: (filter) => call('GET', `/Users?filter=${encodeURIComponent(filter)}`),
  };
}

/** All scopes of a token, those for groups included. */
export const ALL_SCOPES = ['get', 'post', 'put', 'patch', 'delete'].flatMap((method) => [
  `${method}:users`,
  `${method}:groups`,
]);

/** A SCIM user as a directory sends it: the subject is `idp-<name>`. */
export function personOf(name: string, changes: Json = {}): Json {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `${name}@acme.example`,
    externalId: `idp-${name}`,
    displayName: `${name} of the directory`,
    name: { givenName: name, familyName: 'Directory' },
    emails: [{ value: `${name}@acme.example`, type: 'work', primary: true }],
    active: true,
    ...changes,
  };
}
