/**
 * A tenant (Vestibule or Auth0) from outside: its Management API and its SCIM endpoints, as the holder of a machine client. Reads are
 * repeated until they succeed or patience ends; a write is sent once, except where the tenant surely did nothing (429, an expired token). A
 * write whose end is unknown is an error that says so: its caller reads the state and decides. Never prints or keeps a secret.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../kernel/clock.js';
import { type Answer, exchange, isUncertain, type Json, RemoteError, toError } from './exchange.js';
import { createPace, type Pace } from './pace.js';

export interface TenantAccess {
  /** `https://host[:port]`, no trailing slash. */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

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

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A server that answers JSON under one prefix and with one kind of token. Every method throws {@link RemoteError}. */
export interface Endpoint {
  /** The body of a 2xx answer; repeated until there is one. */
  get(path: string): Promise<unknown>;
  /** The same, undefined for 404. */
  find(path: string): Promise<unknown>;
  /** The body of a 2xx answer to a write; undefined where it has none. */
  send(method: Exclude<Method, 'GET'>, path: string, body?: unknown): Promise<unknown>;
  /** A POST that only asks: repeated like a read. */
  ask(path: string, body: unknown): Promise<unknown>;
}

export interface RemoteTenant extends Endpoint {
  readonly origin: string;
  /** The scopes that the token has. */
  readonly scopes: ReadonlySet<string>;
  readonly pace: Pace;
  /** The items of a list with checkpoint paging, page by page: `{[key]: [...], next}`. */
  pages(path: string, key: string, take?: number): AsyncGenerator<readonly Json[]>;
  /** The SCIM endpoint of a connection (RFC 7644), with a token of its own. */
  scim(connectionId: string, token: () => Promise<string>): Endpoint;
}

interface Settings {
  readonly origin: string;
  readonly prefix: string;
  readonly mediaType: string;
  readonly pace: Pace;
  readonly tries: number;
  readonly firstWaitMs: number;
  readonly timeoutMs: number | undefined;
  /** The token; a fresh one when the last was refused. */
  readonly token: (refused: string | undefined) => Promise<string>;
}

const LONGEST_WAIT_MS = 30_000;

/** Some clients and proxies send bodies only with a type; an answer without a body is normal for a 204. */
function isWhole(answer: Answer): boolean {
  return answer.readable && (answer.status === 204 || answer.status === 202 || answer.body !== undefined);
}

function createEndpoint(settings: Settings): Endpoint {
  const { origin, prefix, pace, tries, firstWaitMs } = settings;
  const label = (method: string, path: string) => `${method} ${decodeURIComponent(path.split('?')[0] ?? path)}`;

  const once = (method: Method, path: string, body: unknown, token: string): Promise<Answer> =>
    pace.run(async () => {
      const answer = await exchange(origin, `${prefix}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': settings.mediaType, accept: settings.mediaType },
        ...(body === undefined ? {} : { body }),
        ...(settings.timeoutMs === undefined ? {} : { timeoutMs: settings.timeoutMs }),
      });
      pace.learn(answer.status, answer.headers);
      return answer;
    });

  /** Sends until the tenant did it or refused it; `again` says whether a request whose end is unknown may be repeated. */
  const send = async (method: Method, path: string, body: unknown, again: boolean): Promise<Answer> => {
    let token = await settings.token(undefined);
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      let failure: RemoteError;
      try {
        const answer = await once(method, path, body, token);
        if (answer.status === 401 && !renewed) {
          renewed = true;
          token = await settings.token(token);
          continue;
        }
        const cut = answer.status < 300 && !isWhole(answer);
        if (!cut && !isUncertain(answer.status) && answer.status !== 429) return answer;
        failure = cut
          ? new RemoteError('unknown', `${label(method, path)} was answered with something that is not JSON.`)
          : toError(answer, label(method, path));
        // The tenant counted this request and did nothing else: the pace waits as long as it asked.
        if (answer.status === 429 && attempt < tries) continue;
      } catch (error) {
        if (!(error instanceof RemoteError)) throw error;
        failure = error;
      }
      if (!again || attempt >= tries) throw failure;
      await sleep(Math.min(firstWaitMs * 2 ** (attempt - 1), LONGEST_WAIT_MS));
    }
  };
  const read = (answer: Answer, method: string, path: string): unknown => {
    if (answer.status >= 300) throw toError(answer, label(method, path));
    return answer.body;
  };
  return {
    get: async (path) => read(await send('GET', path, undefined, true), 'GET', path),
    find: async (path) => {
      const answer = await send('GET', path, undefined, true);
      return answer.status === 404 ? undefined : read(answer, 'GET', path);
    },
    send: async (method, path, body) => read(await send(method, path, body, false), method, path),
    ask: async (path, body) => read(await send('POST', path, body, true), 'POST', path),
  };
}

interface Token {
  readonly text: string;
  readonly scopes: ReadonlySet<string>;
}

async function fetchToken(access: TenantAccess): Promise<Token> {
  const answer = await exchange(access.origin, '/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: {
      grant_type: 'client_credentials',
      client_id: access.clientId,
      client_secret: access.clientSecret,
      audience: `${access.origin}/api/v2/`,
    },
  });
  if (answer.status >= 300) {
    throw toError(
      answer,
      `${access.origin} gave no token`,
      'Check the client id and secret, and its grant for /api/v2/.',
    );
  }
  const { access_token: text, scope } = (answer.body ?? {}) as { access_token?: unknown; scope?: unknown };
  if (typeof text !== 'string') {
    throw new RemoteError('unknown', `${access.origin} answered the token request without a token.`);
  }
  return { text, scopes: new Set(typeof scope === 'string' ? scope.split(' ') : []) };
}

/** The same, repeated while the tenant does not answer. */
async function fetchTokenPatiently(access: TenantAccess, tries: number, firstWaitMs: number): Promise<Token> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchToken(access);
    } catch (error) {
      if (!(error instanceof RemoteError) || error.end === 'refused' || attempt >= tries) throw error;
      await sleep(Math.min(firstWaitMs * 2 ** (attempt - 1), LONGEST_WAIT_MS));
    }
  }
}

async function* listPages(endpoint: Endpoint, path: string, key: string, take: number) {
  for (let from: string | undefined; ; ) {
    const query = `${path.includes('?') ? '&' : '?'}take=${take}${from === undefined ? '' : `&from=${encodeURIComponent(from)}`}`;
    const body = (await endpoint.get(`${path}${query}`)) as Json | null;
    const items = body?.[key];
    if (!Array.isArray(items)) throw new RemoteError('unknown', `The list ${path} was answered without ${key}.`);
    yield items as readonly Json[];
    if (typeof body?.next !== 'string' || body.next === '') return;
    from = body.next;
  }
}

/** Signs in to the tenant (RFC 6749 section 4.4). Throws {@link RemoteError}. */
export async function connectTenant(access: TenantAccess, options: RemoteOptions = {}): Promise<RemoteTenant> {
  const { clock = systemClock, most = 16, tries = 1, firstWaitMs = 500, timeoutMs } = options;
  let current = await fetchTokenPatiently(access, tries, firstWaitMs);
  let renewal: Promise<Token> | undefined;
  const token = async (refused: string | undefined): Promise<string> => {
    if (refused === undefined || refused !== current.text) return current.text;
    // Many requests are refused at once when a token ends: one of them fetches the next.
    renewal ??= fetchTokenPatiently(access, tries, firstWaitMs).finally(() => {
      renewal = undefined;
    });
    current = await renewal;
    return current.text;
  };
  const pace = createPace(clock, { most });
  const shared = { origin: access.origin, tries, firstWaitMs, timeoutMs };
  const endpoint = createEndpoint({ ...shared, pace, prefix: '/api/v2', mediaType: 'application/json', token });
  return {
    ...endpoint,
    origin: access.origin,
    scopes: current.scopes,
    pace,
    pages: (path, key, take = 100) => listPages(endpoint, path, key, take),
    scim: (connectionId, scimToken) =>
      createEndpoint({
        ...shared,
        // SCIM has limits of its own (25 requests a second for each connection, on Auth0).
        pace: createPace(clock, { start: 2, most: Math.min(most, 8) }),
        prefix: `/scim/v2/connections/${encodeURIComponent(connectionId)}`,
        mediaType: 'application/scim+json',
        token: () => scimToken(),
      }),
  };
}
