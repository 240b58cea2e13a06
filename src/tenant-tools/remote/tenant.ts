/**
 * A tenant (Vestibule or Auth0) from outside: its Management API and its SCIM endpoints, as the holder of a machine client. Puts token, pace
 * and endpoints together. Never prints or keeps a secret.
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
  /** Requests at once, at most. */
  readonly most?: number;
  /** Tries of one request, at most. */
  readonly tries?: number;
  /** First wait between two tries, in milliseconds; each further wait is twice as long, 30 s at most. */
  readonly firstWaitMs?: number;
  /** Milliseconds after which a request has no answer. */
  readonly timeoutMs?: number;
}

export interface RemoteTenant extends Endpoint {
  readonly origin: string;
  /** The scopes that the token has. */
  readonly scopes: ReadonlySet<string>;
  readonly pace: Pace;
  /** The items of a list with checkpoint paging, page by page: `{[key]: [...], next}`. */
  pages(path: string, key: string, take?: number): AsyncGenerator<readonly Json[]>;
  /** The SCIM endpoint of a connection (RFC 7644), with a token of its own. */
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
    // A tenant that names the same page again would have it read for ever.
    if (body.next === from)
      throw new RemoteError('unknown', `The list ${path} does not go on: its cursor stays the same.`);
    from = body.next;
  }
}

/** Signs in to the tenant (RFC 6749 section 4.4). Throws {@link RemoteError}. */
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
        // SCIM has limits of its own (25 requests a second for each connection, on Auth0).
        pace: createPace(clock, { start: 2, most: Math.min(most, 8), firstWaitMs: firstWaitMs * 2 }),
        prefix: `/scim/v2/connections/${encodeURIComponent(connectionId)}`,
        mediaType: 'application/scim+json',
        token: scimToken,
      }),
  };
}
