/**
 * Errors of this server's APIs for people (RFC 9457), with Auth0's error codes: My Account and My Organization. Never
 * repeats a secret of the request.
 */
import type { FastifyError, FastifyRequest } from 'fastify';
import { Fault } from '../kernel/errors.js';

/** One fault of a request, in the form of Auth0's validation errors. */
export interface FieldProblem {
  readonly detail: string;
  readonly field: string;
  readonly pointer: string;
  readonly source: string;
}

/** A refused request: status, title, sentence and Auth0's code. */
export class Problem extends Error {
  override name = 'Problem';
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 413 | 415 | 429 | 500 | 503,
    readonly code: string,
    readonly title: string,
    detail: string,
    /** The faults of a request; the answer then has them in place of the sentence. */
    readonly fields?: readonly FieldProblem[],
  ) {
    super(detail);
  }
}

/** Returns the body of the answer. */
export const toProblemBody = ({ status, code, title, message, fields }: Problem) => ({
  type: `https://auth0.com/api-errors#${code}`,
  status,
  title,
  ...(fields === undefined ? { detail: message } : { validation_errors: fields }),
});

export const invalid = (detail: string) => new Problem(400, 'A0E-400-0003', 'Validation Error', detail);
export const noToken = (detail: string) => new Problem(401, 'A0E-401-0002', 'Unauthorized', detail);
export const noScope = (scope: string) =>
  new Problem(403, 'A0E-403-0002', 'Insufficient Scope', `The auth token lacks the required scope: ${scope}`);
export const tooMany = () =>
  new Problem(429, 'A0E-429-0003', 'Too Many Requests', 'The request limit has been exceeded.');

/** Returns the answer for an error that no rule threw. An unknown one is logged and becomes 500. `api` is for the log. */
export function toUnforeseen(error: unknown, request: FastifyRequest, api: string): Problem {
  if (error instanceof Fault) {
    request.log.error({ err: error }, `the ${api} could not reach what it needs`);
    const detail = 'The server cannot answer now. Try again in a moment.';
    return new Problem(503, 'A0E-503-0001', 'Service Unavailable', detail);
  }
  const { statusCode } = error as FastifyError;
  if (statusCode === 413) return new Problem(413, 'A0E-413-0001', 'Payload Too Large', 'The body is too large.');
  if (statusCode === 415) return new Problem(415, 'A0E-415-0001', 'Unsupported Media Type', 'Send application/json.');
  if (statusCode !== undefined && statusCode < 500) return invalid('The request cannot be read.');
  request.log.error({ err: error }, `a call of the ${api} failed`);
  return new Problem(500, 'A0E-500-0001', 'Internal Server Error', 'An internal server error occurred.');
}
