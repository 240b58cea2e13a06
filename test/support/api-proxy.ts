/**
 * An HTTP proxy between a tool and a tenant's API that does to single requests what networks, balancers and rate limits do: refuses, resets,
 * answers late, twice, half, or with an answer from before. The tool is given the proxy's origin; its token is asked for the tenant's own.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Passing {
  /** Counted from 1 since the last {@link ApiProxy.reset}. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

/** Reads that are sent as a POST, since their question is long. */
const LONG_QUESTIONS = ['/people/find', '/explain/people'];

/** True for a request that changes something, other than the log. */
export function isWrite({ method, path }: Pick<Passing, 'method' | 'path'>): boolean {
  return method !== 'GET' && path !== '/oauth/token' && !LONG_QUESTIONS.some((end) => path.endsWith(end));
}

interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** `before`: the tenant never hears of the request. `after`: it does it, and its answer is lost or replaced. */
export type Treatment =
  | 'pass'
  | 'reset before'
  | 'reset after'
  | 'silence after'
  /** The tenant gets the request twice; the second answer arrives. */
  | 'twice'
  /** Half of the body, then the connection ends. */
  | 'torn'
  /** Half of the body as a whole answer. */
  | 'half'
  /** The first answer that was ever given to this GET. */
  | 'stale'
  | { readonly before: Reply }
  | { readonly after: Reply };

export interface ApiProxy {
  readonly origin: string;
  /** Decides about a request; `pass` at first. Awaited, so that a test can act at this very instant. */
  treat: (request: Passing) => Treatment | Promise<Treatment>;
  /** Called after an answer was sent. */
  answered: (request: Passing) => void;
  readonly seen: readonly Passing[];
  /** The tenant's address from now on: a node that was restarted. */
  direct(target: string): void;
  /** Passes everything, counts from 1, forgets earlier answers. */
  reset(): void;
  stop(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const DROPPED = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding', 'accept-encoding']);

function keptHeaders(headers: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries([...headers].filter(([name]) => !DROPPED.has(name)));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function forward(target: string, request: Passing, headers: IncomingMessage['headers']): Promise<Answer> {
  const sent = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : []));
  const response = await fetch(`${target}${request.path}`, {
    method: request.method,
    headers: keptHeaders(sent as [string, string][]),
    ...(request.body === '' ? {} : { body: request.body }),
    redirect: 'manual',
  });
  const body = Buffer.from(await response.arrayBuffer());
  const received: [string, string][] = [];
  response.headers.forEach((value, name) => {
    received.push([name, value]);
  });
  return { status: response.status, headers: keptHeaders(received), body };
}

function write(response: ServerResponse, { status, headers = {}, body }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

function writeAnswer(response: ServerResponse, { status, headers, body }: Answer, how: Treatment): void {
  const half = body.subarray(0, Math.floor(body.length / 2));
  const cut = how === 'half' ? half : body;
  response.writeHead(status, { ...headers, ...(body.length > 0 && { 'content-length': String(cut.length) }) });
  if (how !== 'torn') response.end(cut);
  else response.write(half, () => response.destroy());
}

/** Starts it on loopback, before the server at `target` (an origin). */
export async function startApiProxy(target: string): Promise<ApiProxy> {
  let upstream = target;
  let seen: Passing[] = [];
  const first = new Map<string, Answer>();

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url: path = '/' } = request;
    // The audience of a token is the tenant's own address.
    const body = (await readBody(request)).replaceAll(`${proxy.origin}/api/v2/`, `${target}/api/v2/`);
    const passing: Passing = { n: seen.length + 1, method, path, body };
    seen.push(passing);
    const how = await proxy.treat(passing);
    if (typeof how === 'object' && 'before' in how) return write(response, how.before);
    if (how === 'reset before') return void response.destroy();
    const old = how === 'stale' && method === 'GET' ? first.get(path) : undefined;
    if (how === 'twice') await forward(upstream, passing, request.headers);
    const answer = old ?? (await forward(upstream, passing, request.headers));
    if (method === 'GET' && answer.status === 200 && !first.has(path)) first.set(path, answer);
    if (how === 'reset after') return void response.destroy();
    if (how === 'silence after') return;
    if (typeof how === 'object') return write(response, how.after);
    writeAnswer(response, answer, how);
    response.once('finish', () => proxy.answered(passing));
  };
  const server = createServer((request, response) => {
    // A tenant that is down resets the connection, and so does a tool that was killed.
    serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: ApiProxy = {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    treat: () => 'pass',
    answered: () => {},
    get seen() {
      return seen;
    },
    direct(next) {
      upstream = next;
    },
    reset() {
      proxy.treat = () => 'pass';
      proxy.answered = () => {};
      seen = [];
      first.clear();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
