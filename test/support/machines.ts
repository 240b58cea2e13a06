/**
 * Machine clients with chosen scopes of the Management API, over HTTP against a whole server: what an attacker has who got hold of a
 * weak one.
 */
import type { Instance, Json } from './instance.js';

export interface MachineAnswer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers by path.
  readonly body: any;
}

/** Calls the Management API with one token. */
export type CallAs = (method: string, path: string, body?: unknown) => Promise<MachineAnswer>;

export interface Machine {
  readonly id: string;
  readonly secret: string;
  readonly grantId: string;
  /** Calls with the token that it was given at the beginning. */
  readonly call: CallAs;
}

/** Asks for a token, of the Management API unless `audience` says otherwise; the status and the body as they came. */
export async function askForToken(
  { origin }: Instance,
  client: { readonly id: string; readonly secret: string },
  scope?: string,
  audience = `${origin}/api/v2/`,
): Promise<MachineAnswer> {
  const response = await fetch(`${origin}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: client.id,
      client_secret: client.secret,
      audience,
      ...(scope === undefined ? {} : { scope }),
    }),
  });
  return { status: response.status, body: await response.json() };
}

/** Calls the Management API as the holder of `token`. */
export function callWith({ origin }: Instance, token: string): CallAs {
  return async (method, path, body) => {
    const response = await fetch(`${origin}/api/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
}

/** A machine client with a grant of `scopes`, and a token of all of them. */
export async function createMachine(instance: Instance, name: string, scopes: readonly string[]): Promise<Machine> {
  const client = await instance.api<Json>('POST', '/clients', { name, app_type: 'non_interactive' });
  const grant = await instance.api<Json>('POST', '/client-grants', {
    client_id: client.client_id,
    audience: `${instance.origin}/api/v2/`,
    scope: scopes,
  });
  const id = client.client_id as string;
  const secret = client.client_secret as string;
  const token = await askForToken(instance, { id, secret });
  if (token.status !== 200) throw new Error(`no token for ${name}: ${JSON.stringify(token.body)}`);
  return { id, secret, grantId: grant.id as string, call: callWith(instance, token.body.access_token) };
}
