/**
 * The answer to what is no request: headers without end, broken bytes, a client that never finishes. Written to the socket itself, since
 * there is no request that could be answered. A browser whose headers are too large gets a page and loses the cookies of its
 * unfinished logins: with them every later request would be refused as well, for as long as they live.
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { type Entropy, newReference } from '../kernel/ids.js';
import { cookieName, toClearedCookie } from './browser/cookies.js';
import { TRANSACTION_PREFIX } from './browser/transactions.js';
import { brandOf } from './login/brand.js';
import { headersFor } from './pages/views/headers.js';
import { renderPage } from './pages/views/render.js';

/**
 * Bytes of a request before its body. The longest that this server itself causes: 25 kB of address (state and nonce of 4,096 bytes, every
 * one percent-encoded) and 20 kB of its own cookies; the rest is for what other applications of the same host have set.
 */
export const MAX_HEADER_BYTES = 65_536;
/** How long a socket stays open after its answer: data under way to a closed one would take the answer from the browser. */
const LINGER_MS = 2_000;
/** Cookies that one answer takes back. */
const MAX_CLEARED = 60;

export interface ClientErrorOptions {
  readonly logger: FastifyBaseLogger;
  readonly entropy: Entropy;
  readonly origin: string;
}

interface ClientError extends Error {
  readonly code?: string;
  /** The part of the request in which the limit was passed. */
  readonly rawPacket?: Buffer;
}

function toAnswer(status: number, headers: readonly (readonly [string, string])[], body: string): string {
  const lines = [...headers, ['content-length', String(Buffer.byteLength(body))], ['connection', 'close']];
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n${body}`;
}

/** Names of cookies of unfinished logins in the text of a request: those are known to be this server's. */
function findNames(packet: Buffer | undefined, origin: string): readonly string[] {
  const prefix = cookieName(TRANSACTION_PREFIX, origin);
  const text = packet?.toString('latin1') ?? '';
  const names = new Set<string>();
  for (let at = text.indexOf(prefix); at >= 0 && names.size < MAX_CLEARED; at = text.indexOf(prefix, at + 1)) {
    const name = /^\w{1,64}(?:\.\d)?/.exec(text.slice(at + prefix.length, at + prefix.length + 80))?.[0];
    if (name !== undefined) names.add(TRANSACTION_PREFIX + name);
  }
  return [...names];
}

function answerOversize(error: ClientError, { logger, entropy, origin }: ClientErrorOptions): string {
  const reference = newReference(entropy);
  const names = findNames(error.rawPacket, origin);
  logger.warn({ reference, cleared: names.length }, 'refused a request whose headers are too large');
  const page = {
    page: 'error' as const,
    brand: brandOf({}, origin),
    title: 'Please try again',
    sentence: 'Your browser sent too many cookies, or an address that is too long.',
    advice: `${names.length > 0 ? 'We have deleted the cookies of unfinished sign-ins. ' : ''}Go back to the application and start again. If it happens again, delete the cookies of ${new URL(origin).hostname} in the settings of your browser. Other applications may have left some there.`,
    reference,
    technical: undefined,
    links: [],
  };
  const nonce = entropy.bytes(16).toString('base64url');
  const cleared = names.map((name) => ['set-cookie', toClearedCookie(origin, name)] as const);
  return toAnswer(431, [...Object.entries(headersFor(page, nonce)), ...cleared], renderPage(page, { nonce }));
}

/** JSON, as the framework answers: no person waits for it. */
function answerOther(error: ClientError): string {
  const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = {
    error: STATUS_CODES[status],
    message: status === 408 ? 'Client Timeout' : 'Client Error',
    statusCode: status,
  };
  return toAnswer(status, [['content-type', 'application/json']], JSON.stringify(body));
}

/** The listener for `clientError` of Node's server. Answers each socket once, and closes it. */
export function createClientErrorHandler(options: ClientErrorOptions): (error: Error, socket: Socket) => void {
  const answered = new WeakSet<Socket>();
  return (error: ClientError, socket) => {
    // What still comes after the answer is another error of the same socket.
    if (answered.has(socket)) return;
    answered.add(socket);
    if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
      socket.destroy(error);
      return;
    }
    socket.end(error.code === 'HPE_HEADER_OVERFLOW' ? answerOversize(error, options) : answerOther(error));
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('close', () => clearTimeout(timer));
  };
}
