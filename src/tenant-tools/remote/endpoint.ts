/**
 * Sends requests below one prefix of a tenant (`/api/v2`, a SCIM endpoint) with one kind of token. Reads are repeated
 * until they succeed or the attempts are used up. A write is sent once, except where the tenant certainly did nothing
 * (429, an expired token). A write with an unknown result is an error that says so: the caller reads the state and
 * decides.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, exchange, isUncertain, RemoteError, toError, waitBefore } from './exchange.js';
import type { Pace } from './pace.js';

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** A JSON API below one prefix, with one kind of token. Every method throws {@link RemoteError}. */
export interface Endpoint {
  /** Sends GET and returns the body of a 2xx answer; repeats the request until there is one. */
  get(path: string): Promise<unknown>;
  /** Does what `get` does; returns undefined for 404. */
  find(path: string): Promise<unknown>;
  /** Sends a write; returns the body of the 2xx answer, or undefined where it has none. */
  send(method: Exclude<Method, 'GET'>, path: string, body?: unknown): Promise<unknown>;
  /** Sends a POST that may be repeated: a query, or one whose repetition changes nothing. */
  ask(path: string, body: unknown): Promise<unknown>;
  /** Waits before attempt number `attempt` + 1 of something that the caller repeats. */
  pause(attempt: number): Promise<void>;
}

export interface EndpointSettings {
  readonly origin: string;
  readonly prefix: string;
  readonly mediaType: string;
  readonly pace: Pace;
  readonly tries: number;
  readonly firstWaitMs: number;
  readonly timeoutMs: number | undefined;
  /** Returns a token. Pass the token that was just refused to get a new one. */
  readonly token: (refused: string | undefined) => Promise<string>;
}

interface Order {
  readonly method: Method;
  readonly path: string;
  readonly body?: unknown;
  /** True if a request with an unknown result may be repeated. */
  readonly again: boolean;
}

function labelOf({ method, path }: Pick<Order, 'method' | 'path'>): string {
  return `${method} ${decodeURIComponent(path.split('?')[0] ?? path)}`;
}

/** True for a complete answer: a 2xx answer has a body, except the two statuses that need none. */
function isWhole(answer: Answer): boolean {
  return answer.readable && (answer.status === 204 || answer.status === 202 || answer.body !== undefined);
}

function sendOnce(settings: EndpointSettings, { method, path, body }: Order, token: string): Promise<Answer> {
  const { origin, prefix, mediaType, pace, timeoutMs } = settings;
  return pace.run(async () => {
    const answer = await exchange(origin, `${prefix}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': mediaType, accept: mediaType },
      ...(body === undefined ? {} : { body }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    pace.learn(answer.status, answer.headers);
    return answer;
  });
}

/** Returns why this answer does not settle the request; undefined where it does. */
function whyNoEnd(answer: Answer, order: Order): RemoteError | undefined {
  if (answer.status < 300) {
    if (isWhole(answer)) return undefined;
    return new RemoteError('unknown', `${labelOf(order)} was answered with something that is not JSON.`);
  }
  return isUncertain(answer.status) || answer.status === 429 ? toError(answer, labelOf(order)) : undefined;
}

async function sendOrFail(settings: EndpointSettings, order: Order, token: string): Promise<Answer | RemoteError> {
  try {
    return await sendOnce(settings, order, token);
  } catch (error) {
    if (error instanceof RemoteError) return error;
    throw error;
  }
}

/**
 * Sends a request until the tenant has done it or refused it, or the attempts are used up. After an unknown result,
 * repeats only a request that may be repeated (`again`).
 */
async function sendPatiently(settings: EndpointSettings, order: Order): Promise<Answer> {
  let token = await settings.token(undefined);
  let renewed = false;
  for (let attempt = 1; ; attempt += 1) {
    const answer = await sendOrFail(settings, order, token);
    if (!(answer instanceof RemoteError) && answer.status === 401 && !renewed) {
      renewed = true;
      token = await settings.token(token);
      // The tenant did nothing, and getting the next token may take long: this does not count as an attempt.
      attempt -= 1;
      continue;
    }
    const failure = answer instanceof RemoteError ? answer : whyNoEnd(answer, order);
    if (!(answer instanceof RemoteError) && failure === undefined) return answer;
    // A 429 means that the tenant did nothing, so that even a write may be sent again. The pace waits as long as the
    // tenant asked.
    const isLimited = failure?.status === 429;
    if (attempt >= settings.tries || !(order.again || isLimited)) throw failure;
    if (!isLimited) await sleep(waitBefore(attempt, settings.firstWaitMs));
  }
}

/** Creates the functions that send requests with these settings. */
export function createEndpoint(settings: EndpointSettings): Endpoint {
  const read = (answer: Answer, order: Pick<Order, 'method' | 'path'>): unknown => {
    if (answer.status >= 300) throw toError(answer, labelOf(order));
    return answer.body;
  };
  const run = async (order: Order) => read(await sendPatiently(settings, order), order);
  return {
    get: (path) => run({ method: 'GET', path, again: true }),
    async find(path) {
      const order: Order = { method: 'GET', path, again: true };
      const answer = await sendPatiently(settings, order);
      return answer.status === 404 ? undefined : read(answer, order);
    },
    send: (method, path, body) => run({ method, path, body, again: false }),
    ask: (path, body) => run({ method: 'POST', path, body, again: true }),
    pause: (attempt) => sleep(waitBefore(attempt, settings.firstWaitMs)),
  };
}
