/**
 * Answers requests that the gate does not serve: a page for people, JSON for programs, both with the seconds after
 * which to try again. Must cost almost nothing, since a flood causes many answers: each page is rendered once. Reads
 * nothing of a request except two headers.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger } from 'fastify';
import { brandOf } from '../domain/look/brand.js';
import { type Entropy, newReference } from '../kernel/ids.js';
import type { GateOptions, GateRefusal } from './gate.js';
import type { Page } from './pages/models.js';
import { chooseSpeech } from './pages/speech.js';
import { headersFor } from './pages/views/headers.js';
import { renderPage } from './pages/views/render.js';

export interface GateAnswersOptions {
  readonly logger: Pick<FastifyBaseLogger, 'warn'>;
  readonly entropy: Entropy;
  readonly origin: string;
}

const STATUS = { too_many: 429, waited: 503, overloaded: 503 } as const satisfies Readonly<Record<GateRefusal, number>>;
const RETRY_AFTER_SECONDS = 5;
/** Milliseconds for which there is one log line and one reference number, however many requests are refused. */
const LOG_EVERY_MS = 60_000;
/** Placeholders in the pre-rendered page, replaced for each answer. */
const NONCE = '__NONCE__';
const REFERENCE = '__REFERENCE__';

const UNAVAILABLE = {
  statusCode: 503,
  error: 'Service Unavailable',
  message: 'Too many requests came at once. Wait a moment and try again.',
} as const;

/** The answers for programs. The 429 has the same fields as Auth0's. */
const JSON_BODIES = {
  too_many: {
    statusCode: 429,
    error: 'Too Many Requests',
    message: 'Too many requests of your network wait to be served. Wait a moment and try again.',
    errorCode: 'too_many_requests',
  },
  waited: UNAVAILABLE,
  overloaded: UNAVAILABLE,
} as const satisfies Readonly<Record<GateRefusal, object>>;

function createPages({ entropy, origin }: GateAnswersOptions) {
  const model: Page = {
    page: 'error',
    brand: brandOf({}, origin),
    title: ({ failures }) => failures.tryAgain,
    sentence: ({ failures }) => failures.crowdedSentence,
    advice: ({ failures }) => failures.restartAdvice,
    reference: REFERENCE,
    technical: undefined,
    links: [],
  };
  const made = new Map<string, string>();
  return (acceptLanguage: string | undefined, reference: string) => {
    const speech = chooseSpeech({}, acceptLanguage);
    const nonce = entropy.bytes(16).toString('base64url');
    const text = made.get(speech.language) ?? renderPage(model, { nonce: NONCE, speech });
    made.set(speech.language, text);
    return {
      headers: { ...headersFor(model, nonce), 'content-language': speech.language, vary: 'accept, accept-language' },
      body: text.replaceAll(NONCE, nonce).replaceAll(REFERENCE, reference),
    };
  };
}

/**
 * Creates the function that answers a refused request. Logs the first refusal of each minute, with the reference number
 * that all pages of that minute show.
 */
export function createGateAnswers(options: GateAnswersOptions): GateOptions['refuse'] {
  const toPage = createPages(options);
  let reference: string | undefined;
  const tell = (refusal: GateRefusal): string => {
    if (reference !== undefined) return reference;
    reference = newReference(options.entropy);
    setTimeout(() => {
      reference = undefined;
    }, LOG_EVERY_MS).unref();
    options.logger.warn({ reference, refusal }, 'requests are not served: too many came at once');
    return reference;
  };
  return (request: IncomingMessage, response: ServerResponse, refusal) => {
    const told = tell(refusal);
    // Browsers name `text/html` in `Accept`; programs do not.
    const isForPerson = request.headers.accept?.includes('text/html') === true;
    const { headers, body } = isForPerson
      ? toPage(request.headers['accept-language'], told)
      : { headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(JSON_BODIES[refusal]) };
    response
      .writeHead(STATUS[refusal], {
        ...headers,
        'cache-control': 'no-store',
        'retry-after': String(RETRY_AFTER_SECONDS),
        'content-length': String(Buffer.byteLength(body)),
      })
      .end(body);
  };
}
