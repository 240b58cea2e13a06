/**
 * A tenant (Vestibule or Auth0) as a machine client sees it: its Management API and its SCIM endpoints. Combines token,
 * pace and endpoints. Never prints or stores a secret.
 */
import { type Clock, systemClock } from '../../kernel/clock.js';
import { createEndpoint, type Endpoint } from './endpoint.js';
import { type Json, RemoteError } from './exchange.js';
import { createPace, type Pace } from './pace.js';
import { openTokens, type TenantAccess } from './token.js';

export type { Endpoint } from './endpoint.js';
export type { TenantAccess } from './token.js';

export interface RemoteOptions {
  readonly clock?: Clock;
  /** Maximum number of requests at the same time. */
  readonly most?: number;
  /** Maximum number of attempts to send one request. */
  readonly tries?: number;
  /** First wait between two attempts, in milliseconds; doubled each time, at most 30 s. */
  readonly firstWaitMs?: number;
  /** Time limit of one request, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface RemoteTenant extends Endpoint {
  readonly origin: string;
  readonly scopes: ReadonlySet<string>;
  readonly pace: Pace;
  /** Yields the pages of a list with checkpoint paging: `{[key]: [...], next}`. */
  pages(path: string, key: string, take?: number): AsyncGenerator<readonly Json[]>;
  /** Returns the SCIM endpoint of a connection (RFC 7644), with its own token. */
  scim(connectionId: string, token: (refused: string | undefined) => Promise<string>): Endpoint;
}

async function* listPages(endpoint: Endpoint, path: string, key: string, take: number) {
  for (let from: string | undefined; ; ) {
    const query = `${path.includes('?') ? '&' : '?'}take=${take}${from === undefined ? '' : `&from=${encodeURIComponent(from)}`}`;
    const body = (await endpoint.get(`${path}${query}`)) as Json | null;
    const items = body?.[key];
    if (!Array.isArray(items)) throw new RemoteError('unknown', `The list ${path} was answered without ${key}.`);
    yield items as readonly Json[];
    if (typeof body?.next !== 'string' || body.next === '') return;
    // A tenant that repeats its cursor would be read forever.
    if (body.next === from)
      throw new RemoteError('unknown', `The list ${path} does not go on: its cursor stays the same.`);
    from = body.next;
  }
}

/** Connects to the tenant by client credentials (RFC 6749 section 4.4). Throws {@link RemoteError}. */
export async function connectTenant(access: TenantAccess, options: RemoteOptions = {}): Promise<RemoteTenant> {
  const { clock = systemClock, most = 16, tries = 1, firstWaitMs = 500, timeoutMs } = options;
  const tokens = await openTokens(access, { tries, firstWaitMs, timeoutMs });
  const pace = createPace(clock, { most, firstWaitMs: firstWaitMs * 2 });
  const shared = { origin: access.origin, tries, firstWaitMs, timeoutMs };
  const endpoint = createEndpoint({
    ...shared,
    pace,
    prefix: '/api/v2',
    mediaType: 'application/json',
    token: tokens.take,
  });
  return {
    ...endpoint,
    origin: access.origin,
    scopes: tokens.scopes,
    pace,
    pages: (path, key, take = 100) => listPages(endpoint, path, key, take),
    scim: (connectionId, scimToken) =>
      createEndpoint({
        ...shared,
        // SCIM has its own limits (on Auth0, 25 requests a second per connection).
        pace: createPace(clock, { start: 2, most: Math.min(most, 8), firstWaitMs: firstWaitMs * 2 }),
        prefix: `/scim/v2/connections/${encodeURIComponent(connectionId)}`,
        mediaType: 'application/scim+json',
        token: scimToken,
      }),
  };
}
