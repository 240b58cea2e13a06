/** The My Account API in tests: registered with a grant for the cast's application, and called with a person's token. */
import type { Visitor } from './cast.js';
import type { Json } from './instance.js';
import type { Stage } from './stage.js';

export const ME_SCOPES = [
  'create:me:authentication_methods',
  'read:me:authentication_methods',
  'update:me:authentication_methods',
  'delete:me:authentication_methods',
  'read:me:factors',
];

/** A server with its cast. */
type Place = Pick<Stage, 'instance' | 'cast'>;

export const meAudience = (stage: Pick<Place, 'instance'>) => `${stage.instance.origin}/me/`;

/** Registers the API, and lets the cast's application ask people's tokens for it. */
export async function registerMyAccount(stage: Place): Promise<Json> {
  const audience = meAudience(stage);
  const server = await stage.instance.api('POST', '/resource-servers', { identifier: audience });
  await stage.instance.api('POST', '/client-grants', {
    ...{ client_id: stage.cast.client.id, audience, subject_type: 'user', scope: ME_SCOPES },
  });
  return server;
}

/** Signs in with a password and returns a token for the API; `answer` continues after the password. */
export async function myToken(
  stage: Pick<Place, 'instance'>,
  visitor: Visitor,
  email: string,
  parameters: Record<string, string> = {},
): Promise<string> {
  const asked = { audience: meAudience(stage), scope: `openid ${ME_SCOPES.join(' ')}`, ...parameters };
  const { accessToken } = await visitor.redeem(await visitor.withPassword(email, undefined, asked));
  return accessToken;
}

export interface MeAnswer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** Calls the API; `body` is sent as JSON. */
export async function me(stage: Stage, token: string, method: string, path: string, body?: unknown): Promise<MeAnswer> {
  const response = await fetch(`${stage.instance.address ?? stage.instance.origin}/me/v1${path}`, {
    method,
    headers: {
      ...(token !== '' && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json), headers: response.headers };
}

const METHODS = '/authentication-methods';

/** The path of a method. */
export const methodPath = (id: unknown) => `${METHODS}/${encodeURIComponent(String(id))}`;

export const METHODS_PATH = METHODS;
