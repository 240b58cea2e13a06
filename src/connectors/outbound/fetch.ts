/**
 * Sends requests to servers that customers name: identity providers, webhooks, metadata. Works like `fetch`, with a
 * deadline, a size limit and no redirects.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { Agent } from 'undici';
import { toBlockList } from '../../kernel/networks.js';
import { inSpan } from '../../kernel/spans.js';
import { OutboundError } from './error.js';
import { createGuardedConnector } from './guarded-connect.js';
import { createResolve, type Resolve, type ResolveSettings } from './resolve.js';

export interface OutboundLimits {
  /** Private networks (CIDR) that may be reached, also over plain http. */
  readonly allow: readonly string[];
  /** Largest response body, in bytes. */
  readonly maxBytes: number;
  /** Whole time for connecting, sending and reading the last byte, in milliseconds. */
  readonly timeoutMs: number;
  /** Name servers instead of the system's, as in {@link ResolveSettings}. */
  readonly nameServers?: ResolveSettings['nameServers'];
  /** Replaces the resolution of all host names. */
  readonly resolve?: Resolve;
}

export interface OutboundRequest {
  readonly method?: string;
  readonly headers?: HeadersInit | Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | null | undefined;
}

/** A `fetch` for libraries that accept one. `close` closes idle connections. */
export interface OutboundFetch {
  (url: string | URL, init?: OutboundRequest): Promise<Response>;
  close(): Promise<void>;
}

/** Statuses for which `Response` accepts no body (Fetch standard, "null body status"). */
const BODILESS = new Set([204, 205, 304]);

function toHeaders(received: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    if (typeof value === 'string') headers.set(name, value);
    else for (const item of value ?? []) headers.append(name, item);
  }
  return headers;
}

/** Plain words for errors that a person can fix; all others show the system's code alone. */
const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such name (ENOTFOUND)',
  ENODATA: 'the name has no address (ENODATA)',
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself (DEPTH_ZERO_SELF_SIGNED_CERT)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is of an authority that is not known here (SELF_SIGNED_CERT_IN_CHAIN)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate is of an authority that is not known here, or comes without its chain (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
  CERT_HAS_EXPIRED: 'its certificate is over (CERT_HAS_EXPIRED)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)',
};

function toOutboundError(error: Error, host: string): OutboundError {
  if (error instanceof OutboundError) return error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const kind = /TIMEOUT|TIMEDOUT/.test(code) ? 'timeout' : 'network';
  return new OutboundError(kind, `${host}: ${Object.hasOwn(WORDS, code) ? WORDS[code] : code}`, { cause: error });
}

/** Reads one response into memory and counts its bytes. Settles exactly once. */
class BoundedReader implements Dispatcher.DispatchHandler {
  readonly response: Promise<Response>;
  #resolve: (response: Response) => void = () => {};
  #reject: (error: OutboundError) => void = () => {};
  #controller: Dispatcher.DispatchController | undefined;
  #given: OutboundError | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(
    readonly host: string,
    readonly maxBytes: number,
  ) {
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Aborts the request from outside: by the deadline, or by the caller's signal. */
  give(error: OutboundError): void {
    this.#given ??= error;
    this.#reject(error);
    this.#controller?.abort(error);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // The deadline may pass while the request still waits for a connection.
    if (this.#given) controller.abort(this.#given);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    // Counted while it streams, whatever Content-Length says: an endless body would fill the memory.
    if (this.#bytes > this.maxBytes) {
      controller.abort(
        new OutboundError('too_large', `${this.host}: the answer is larger than ${this.maxBytes} bytes`),
      );
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#status < 200) {
      this.#reject(new OutboundError('network', `${this.host}: status ${this.#status}`));
      return;
    }
    const body = BODILESS.has(this.#status) ? null : Buffer.concat(this.#chunks);
    this.#resolve(new Response(body, { status: Math.min(this.#status, 599), headers: toHeaders(this.#headers) }));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#reject(toOutboundError(error, this.host));
  }
}

function toRequestHeaders(headers: OutboundRequest['headers']): Record<string, string> {
  const named: Record<string, string> = {};
  if (headers !== undefined)
    new Headers(headers as HeadersInit).forEach((value, name) => {
      named[name] = value;
    });
  // Attack: decompression bomb. A small compressed body unpacks to gigabytes, so no compressed body is accepted.
  named['accept-encoding'] = 'identity';
  return named;
}

function toBody(body: unknown): string | null {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TypeError('an outbound request takes text or URLSearchParams as its body');
}

function toTarget(url: string | URL): URL {
  if (!(url instanceof URL) && !URL.canParse(url)) throw new OutboundError('forbidden', 'not an absolute URL');
  const target = new URL(url);
  if (target.protocol !== 'https:' && target.protocol !== 'http:') {
    throw new OutboundError('forbidden', `${target.protocol} is not a protocol for requests`);
  }
  return target;
}

const hostOf = (url: string | URL): string => (URL.canParse(String(url)) ? new URL(url).host : 'none');

/**
 * Creates a `fetch` for servers that customers name. Rejects with {@link OutboundError}. A redirect is returned, never
 * followed: an IdP's token endpoint could redirect to `http://169.254.169.254/` (SSRF by redirect). Connections are
 * kept alive and shared by origin; each address was checked when it was opened.
 */
export function createOutboundFetch(limits: OutboundLimits): OutboundFetch {
  const { timeoutMs, nameServers } = limits;
  const resolve = limits.resolve ?? createResolve({ timeoutMs, ...(nameServers && { nameServers }) });
  const agent = new Agent({
    connect: createGuardedConnector(toBlockList(limits.allow), timeoutMs, resolve),
    keepAliveTimeout: 15_000,
    keepAliveMaxTimeout: 60_000,
    headersTimeout: limits.timeoutMs,
    bodyTimeout: limits.timeoutMs,
  });
  const request = async (url: string | URL, init: OutboundRequest = {}): Promise<Response> => {
    const target = toTarget(url);
    const reader = new BoundedReader(target.host, limits.maxBytes);
    // One time limit for the whole exchange, so that a body of one byte per second is cut off as well.
    const timer = setTimeout(
      () => reader.give(new OutboundError('timeout', `${target.host}: no whole answer within ${limits.timeoutMs} ms`)),
      limits.timeoutMs,
    );
    const abort = () => reader.give(new OutboundError('timeout', `${target.host}: the request was called off`));
    init.signal?.addEventListener('abort', abort, { once: true });
    if (init.signal?.aborted) abort();
    try {
      agent.dispatch(
        {
          origin: target.origin,
          path: target.pathname + target.search,
          method: (init.method ?? 'GET') as Dispatcher.HttpMethod,
          headers: toRequestHeaders(init.headers),
          body: toBody(init.body),
        },
        reader,
      );
      return await reader.response;
    } finally {
      clearTimeout(timer);
      init.signal?.removeEventListener('abort', abort);
    }
  };
  const spanned = (url: string | URL, init: OutboundRequest = {}): Promise<Response> =>
    inSpan('outbound request', () => request(url, init), {
      // Never the path or query: they hold codes, tokens and ids of people.
      facts: { 'server.address': hostOf(url), 'http.request.method': init.method ?? 'GET' },
      describe: ({ status }) => ({ 'http.response.status_code': status }),
    });
  return Object.assign(spanned, { close: () => agent.close() });
}
