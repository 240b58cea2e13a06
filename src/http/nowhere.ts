/**
 * Requests that no route answers. A program gets JSON: one that asks for it, or one below an address at which only
 * programs ask. At Auth0's documented addresses that are not here (facts/absent-addresses.ts) the answer says so in
 * words. People get a page. Never repeats the address, which may hold a token.
 */
import { STATUS_CODES } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { describeAbsent, findAbsentAddress } from '../facts/absent-addresses.js';
import { toErrorBody } from '../management/api/errors.js';

/** Beginnings of the paths at which programs ask. */
const OF_PROGRAMS = ['api', 'oauth', 'dbconnections', 'scim', 'mfa', 'my-org', 'passwordless', '.well-known'].map(
  (folder) => `/${folder}/`,
);

/**
 * True when the client asks for JSON and not for a page. Browsers name `text/html`; a program that accepts everything
 * gets the page.
 */
export function wantsJson({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  const accept = headers.accept ?? '';
  return accept.includes('json') && !accept.includes('text/html');
}

/** True for a browser that goes to an address: it sends GET, and names `text/html`. */
function isVisit({ method, headers }: FastifyRequest): boolean {
  return method === 'GET' && headers.accept?.includes('text/html') === true;
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?', 1)[0] ?? '';

/** True when an answer that no route gives must be JSON. */
export function isForProgram(request: FastifyRequest): boolean {
  if (wantsJson(request)) return true;
  const path = pathOf(request);
  const isKnown = OF_PROGRAMS.some((start) => path.startsWith(start));
  return !isVisit(request) && (isKnown || findAbsentAddress(request.method, path) !== undefined);
}

const NOTHING = 'There is nothing at this address.';

interface Answer {
  readonly status: number;
  /** The error's name, in the words of OAuth. */
  readonly error: string;
  readonly description: string;
  /** The number that the log has, too. */
  readonly reference: string;
}

/** Below these addresses errors are problems (RFC 9457): SDKs throw another error for any other form. */
const WITH_PROBLEMS = /^\/(my-org|me\/v1)(\/|$)/;

/** Sends an error to a program, in the form of Auth0's API at this address. */
export function sendJsonError(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  const { status, error, description, reference } = answer;
  const path = pathOf(request);
  reply.code(status).header('cache-control', 'no-store');
  if (path.startsWith('/api/')) return reply.send(toErrorBody(status, description));
  if (WITH_PROBLEMS.test(path))
    // Auth0's document allows no other property, so the reference is in the log alone.
    return reply.send({ type: 'about:blank', status, title: STATUS_CODES[status] ?? 'Error', detail: description });
  return reply.send({ error, error_description: description, error_reference: reference });
}

/** Answers 404 to a program. */
export function sendNowhere(request: FastifyRequest, reply: FastifyReply, reference: string): FastifyReply {
  const absent = findAbsentAddress(request.method, pathOf(request));
  const description = absent === undefined ? NOTHING : describeAbsent(absent);
  return sendJsonError(request, reply, { status: 404, error: 'not_found', description, reference });
}
