/**
 * The token of a machine client (RFC 6749 section 4.4) and its renewal: when it expires, many requests are refused at
 * once, and one of them fetches the next. Holds the token in memory; never prints it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { exchange, RemoteError, toError, waitBefore } from './exchange.js';

export interface TenantAccess {
  /** Origin of the tenant: `https://host[:port]`, no trailing slash. */
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface Patience {
  /** Maximum number of attempts to send one request. */
  readonly tries: number;
  readonly firstWaitMs: number;
  readonly timeoutMs: number | undefined;
}

export interface Tokens {
  /** Scopes of the first token. */
  readonly scopes: ReadonlySet<string>;
  /** Returns a token. Pass the token that was just refused to get a new one. */
  take(refused: string | undefined): Promise<string>;
}

interface Token {
  readonly text: string;
  readonly scopes: ReadonlySet<string>;
}

/** Attempts of the first token: a wrong host is reported soon, a tenant that is just starting gets time. */
const FIRST_TRIES = 3;

async function fetchToken(access: TenantAccess, { timeoutMs }: Patience): Promise<Token> {
  const answer = await exchange(access.origin, '/oauth/token', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: {
      grant_type: 'client_credentials',
      client_id: access.clientId,
      client_secret: access.clientSecret,
      audience: `${access.origin}/api/v2/`,
    },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
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

/** Fetches a token, and repeats it while the tenant does not answer. */
async function fetchTokenPatiently(access: TenantAccess, patience: Patience): Promise<Token> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await fetchToken(access, patience);
    } catch (error) {
      if (!(error instanceof RemoteError) || error.end === 'refused' || attempt >= patience.tries) throw error;
      await sleep(waitBefore(attempt, patience.firstWaitMs));
    }
  }
}

/** Fetches the first token, and returns the source of tokens that renews it. Throws RemoteError. */
export async function openTokens(access: TenantAccess, patience: Patience): Promise<Tokens> {
  const first = await fetchTokenPatiently(access, { ...patience, tries: Math.min(patience.tries, FIRST_TRIES) });
  let current = first;
  let renewal: Promise<Token> | undefined;
  return {
    scopes: first.scopes,
    async take(refused) {
      if (refused === undefined || refused !== current.text) return current.text;
      renewal ??= fetchTokenPatiently(access, patience).finally(() => {
        renewal = undefined;
      });
      current = await renewal;
      return current.text;
    },
  };
}
