/**
 * Errors of the SCIM endpoint in the form of RFC 7644 section 3.12. Their texts say what is wrong with a request, and
 * never repeat a value about a person.
 */
import type { FastifyError, FastifyRequest } from 'fastify';
import { Fault } from '../../kernel/errors.js';
import { ManagementError } from '../../management/api/errors.js';
import { Conflict, MissingReference, UnstorableValue } from '../../ports/directory.js';

/** The types of errors (RFC 7644 table 9). */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue';

/** Thrown when a SCIM request is refused. Has the status, the text and, for some refusals, the type of the answer. */
export class ScimError extends Error {
  override name = 'ScimError';
  constructor(
    readonly status: number,
    message: string,
    readonly scimType?: ScimType,
  ) {
    super(message);
  }
}

/** Creates the error 400 with a type (`scimType`) of RFC 7644. */
export function badRequest(scimType: ScimType, detail: string): ScimError {
  return new ScimError(400, detail, scimType);
}

/**
 * Creates the error 409 `uniqueness`: the connection has a group with this external id or, without one, with this name.
 */
export function groupNotUnique(): ScimError {
  return new ScimError(409, 'A group with this externalId, or with this displayName, exists already.', 'uniqueness');
}

/** Creates the error 412: the resource has changed since the version that the request names (RFC 7644 section 3.14). */
export function wasChanged(): ScimError {
  return new ScimError(412, 'The resource was changed since. Read it again, then repeat the request.');
}

/** Creates the error 409 `uniqueness`: the connection has a person with this subject or this name. */
export function notUnique(): ScimError {
  return new ScimError(409, 'A user with this userName or external id exists already.', 'uniqueness');
}

/** Creates the error 404: the connection has no resource with this id. */
export function notFound(): ScimError {
  return new ScimError(404, 'Resource not found.');
}

const FRAMEWORK_ERRORS: Readonly<Record<string, readonly [number, string, ScimType?]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [413, 'The body is too large.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [415, 'Send application/scim+json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: [400, 'The body does not have the announced length.', 'invalidSyntax'],
  FST_ERR_BAD_URL: [400, 'The path is not a valid URL.', 'invalidSyntax'],
};

/**
 * Converts any thrown error into an answer. Unknown errors are logged and answered with 500. No answer repeats the
 * input.
 */
export function toScimError(error: unknown, request: FastifyRequest): ScimError {
  if (error instanceof ScimError) return error;
  if (error instanceof ManagementError) return new ScimError(error.statusCode, error.message);
  if (error instanceof Conflict) return notUnique();
  // An account of the request was linked, unlinked or deleted while the request ran.
  if (error instanceof MissingReference)
    return new ScimError(409, 'A person of the request was changed at this moment. Repeat the request.');
  if (error instanceof UnstorableValue) return badRequest('invalidValue', 'A value is out of range.');
  if (error instanceof Fault) {
    request.log.error({ err: error }, 'the SCIM endpoint could not reach what it needs');
    return new ScimError(503, 'The server cannot answer now. Try again in a moment.');
  }
  const { code = '', statusCode } = error as Partial<FastifyError>;
  const framework = FRAMEWORK_ERRORS[code];
  if (framework !== undefined) return new ScimError(...framework);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new ScimError(statusCode, 'Bad request');
  request.log.error({ err: error }, 'a SCIM call failed');
  return new ScimError(500, 'An internal server error occurred.');
}

/** Returns the body of an error's answer. */
export function toErrorBody({ status, message, scimType }: ScimError): object {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
    status: String(status),
    ...(scimType !== undefined && { scimType }),
    detail: message,
  };
}
