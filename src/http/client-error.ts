/**
 * Answers requests that never become complete: endless headers, malformed bytes, a client that does not finish, a
 * server that shuts down. Writes to the socket itself, since no route can answer. A browser gets a page. If a browser's
 * headers are too large, the answer always clears the cookies of its unfinished work: the part of the request that can
 * be read may not show the reason.
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { brandOf } from '../domain/look/brand.js';
import { type Entropy, newReference } from '../kernel/ids.js';
import { toClearedCookie } from './browser/cookies.js';
import { SLOT_NAMES } from './browser/slots.js';
import type { Exchange } from './connections.js';
import { chooseSpeech, type Said } from './pages/speech.js';
import { headersFor } from './pages/views/headers.js';
import { renderPage } from './pages/views/render.js';
import type { Words } from './pages/words/words.js';

/**
 * Maximum number of bytes of a request before its body. The longest that this server itself causes is 25 kB of address
 * (state and nonce of 4,096 bytes, all percent-encoded) and 4 kB of its own cookies. The rest is for the cookies of
 * other applications on the same host.
 */
export const MAX_HEADER_BYTES = 65_536;
/**
 * Milliseconds for which a socket stays open after its answer. If it closed while the client still sends, the client
 * would lose the answer.
 */
const LINGER_MS = 2_000;

export interface SocketAnswersOptions {
  readonly logger: FastifyBaseLogger;
  readonly entropy: Entropy;
  readonly origin: string;
}

interface ClientError extends Error {
  readonly code?: string;
}

function toAnswer(status: number, headers: readonly (readonly [string, string])[], body: string): string {
  const lines = [...headers, ['content-length', String(Buffer.byteLength(body))], ['connection', 'close']];
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.map((line) => line.join(': ')).join('\r\n')}\r\n\r\n${body}`;
}

interface Sentences {
  readonly title: Said;
  readonly sentence: Said;
  readonly advice: Said;
}

function toPageAnswer(
  status: number,
  words: Sentences & { readonly reference: string },
  { entropy, origin }: SocketAnswersOptions,
  { cookies = [], acceptLanguage }: { cookies?: readonly string[]; acceptLanguage?: string | undefined },
): string {
  const speech = chooseSpeech({}, acceptLanguage);
  const page = {
    page: 'error' as const,
    brand: brandOf({}, origin),
    ...words,
    technical: undefined,
    links: [],
  };
  const nonce = entropy.bytes(16).toString('base64url');
  const cleared = cookies.map((cookie) => ['set-cookie', cookie] as const);
  const headers = [...Object.entries(headersFor(page, nonce)), ['content-language', speech.language] as const];
  return toAnswer(status, [...headers, ...cleared], renderPage(page, { nonce, speech }));
}

function answerOversize(options: SocketAnswersOptions): string {
  const { logger, entropy, origin } = options;
  const reference = newReference(entropy);
  logger.warn({ reference }, 'refused a request whose headers are too large');
  const words = {
    title: ({ failures }: Words) => failures.tryAgain,
    sentence: ({ failures }: Words) => failures.tooManyCookies,
    advice: ({ failures }: Words) =>
      `${failures.cookiesDeleted} ${failures.deleteCookies.replace('{host}', new URL(origin).hostname)}`,
    reference,
  };
  // Keeps the cookies of session, device and set-up: their size is limited, so they cannot be the reason. Attack:
  // another site sends people to an over-long address; clearing these cookies would sign them out. It would also take
  // the device cookie's extra attempts from a person whose password is being guessed.
  const cookies = SLOT_NAMES.map((name) => toClearedCookie(origin, name));
  return toPageAnswer(431, words, options, { cookies });
}

/** Texts for a request that did not finish: a page for people, JSON for programs. */
const UNFINISHED: Readonly<Record<408 | 503, Sentences & { readonly json: string }>> = {
  408: {
    title: ({ failures }) => failures.tooSlow,
    sentence: ({ failures }) => failures.tooSlowSentence,
    advice: ({ failures }) => failures.tooSlowAdvice,
    json: 'Client Timeout',
  },
  503: {
    title: ({ failures }) => failures.tryAgain,
    sentence: ({ failures }) => failures.restartSentence,
    advice: ({ failures }) => failures.restartAdvice,
    json: 'The server is being restarted. Try again in a moment.',
  },
};

/** Returns an answer in the framework's JSON form, for programs. */
function toJsonAnswer(status: number, message: string): string {
  const body = { error: STATUS_CODES[status], message, statusCode: status };
  return toAnswer(status, [['content-type', 'application/json']], JSON.stringify(body));
}

/** True for browsers, which name `text/html` in `Accept`. A request without headers counts as a program's. */
function isForPerson(exchange: Exchange | undefined): boolean {
  return exchange?.request.headers.accept?.includes('text/html') === true;
}

function answerUnfinished(
  status: keyof typeof UNFINISHED,
  exchange: Exchange | undefined,
  options: SocketAnswersOptions,
): string {
  const { logger, entropy } = options;
  const { json, ...words } = UNFINISHED[status];
  const reference = newReference(entropy);
  // Logs the path without its query, which may hold a code or a token.
  const path = exchange?.request.url?.split('?', 1)[0];
  logger.info({ reference, status, path }, 'a request did not come to its end');
  if (!isForPerson(exchange)) return toJsonAnswer(status, json);
  const acceptLanguage = exchange?.request.headers['accept-language'];
  return toPageAnswer(status, { ...words, reference }, options, { acceptLanguage });
}

export interface SocketAnswers {
  /** The listener for `clientError` of Node's server. Answers each socket once, and closes it. */
  onClientError(error: Error, socket: Socket): void;
  /** Answers a request that the stopping server cannot finish. The caller closes the socket. */
  answerCut(exchange: Exchange): void;
}

/** Creates the functions that answer. `findExchange` returns the request of a socket once its headers have arrived. */
export function createSocketAnswers(
  options: SocketAnswersOptions,
  findExchange: (socket: Socket) => Exchange | undefined,
): SocketAnswers {
  const answered = new WeakSet<Socket>();
  const toText = (error: ClientError, exchange: Exchange | undefined): string => {
    if (error.code === 'HPE_HEADER_OVERFLOW') return answerOversize(options);
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return answerUnfinished(408, exchange, options);
    return toJsonAnswer(400, 'Client Error');
  };
  return {
    onClientError(error: ClientError, socket) {
      // Data that arrives after the answer causes another error of the same socket.
      if (answered.has(socket)) return;
      answered.add(socket);
      const exchange = findExchange(socket);
      // If an answer has begun, a second one would be read as a part of it.
      const isAnswered = exchange?.response.headersSent === true;
      if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable || isAnswered) {
        socket.destroy(error);
        return;
      }
      socket.end(toText(error, exchange));
      const timer = setTimeout(() => socket.destroy(), LINGER_MS);
      socket.once('close', () => clearTimeout(timer));
    },
    answerCut(exchange) {
      const { socket } = exchange.request;
      if (exchange.response.headersSent || answered.has(socket) || !socket.writable) return;
      answered.add(socket);
      socket.end(answerUnfinished(503, exchange, options));
    },
  };
}
