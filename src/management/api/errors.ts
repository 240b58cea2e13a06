/**
 * Errors of the Management API in Auth0's form: `{statusCode, error, message, errorCode?}`. Operations throw them; only
 * plugin.ts turns them into answers. The texts of 404s were recorded from Auth0.
 */

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export interface ErrorBody {
  readonly statusCode: number;
  readonly error: string;
  readonly message: string;
  readonly errorCode?: string;
}

/** Thrown when a request is refused. Has the status, the message and, for some refusals, the code of the answer. */
export class ManagementError extends Error {
  override name = 'ManagementError';
  constructor(
    readonly statusCode: number,
    message: string,
    readonly errorCode?: string,
  ) {
    super(message);
  }
}

/**
 * Returns Auth0's error body: `{statusCode, error, message, errorCode?}`; `error` is the reason phrase of the status.
 */
export function toErrorBody(statusCode: number, message: string, errorCode?: string): ErrorBody {
  const error = NAMES[statusCode] ?? 'Error';
  return { statusCode, error, message, ...(errorCode === undefined ? {} : { errorCode }) };
}

/** Creates the error 400 `invalid_body`. */
export function badBody(message: string): ManagementError {
  return new ManagementError(400, message, 'invalid_body');
}

/** Creates the error 400 `invalid_query_string`. */
export function badQuery(message: string): ManagementError {
  return new ManagementError(400, message, 'invalid_query_string');
}

/** Creates the error 400 `operation_not_supported`. */
export function notSupported(message: string): ManagementError {
  return new ManagementError(400, message, 'operation_not_supported');
}

/** Returns the error 403 `insufficient_scope`: the caller needs one of these scopes. */
export function insufficientScope(scopes: readonly string[]): ManagementError {
  return new ManagementError(403, `Insufficient scope, expected any of: ${scopes.join(',')}`, 'insufficient_scope');
}

/** Returns the error 403 `insufficient_scope`: the caller needs all of these scopes. */
export function insufficientScopes(scopes: readonly string[]): ManagementError {
  return new ManagementError(403, `Insufficient scope, expected all of: ${scopes.join(', ')}`, 'insufficient_scope');
}

/** Creates the error 409, for example when a resource with this name exists. */
export function conflict(message: string, errorCode?: string): ManagementError {
  return new ManagementError(409, message, errorCode);
}

/** Creates the error 404. Most of Auth0's 404s have no `errorCode`. */
export function notFound(message: string, errorCode?: string): ManagementError {
  return new ManagementError(404, message, errorCode);
}

export const noOrganization = () => notFound('No organization found by that id or name');
export const noConnectionOfOrganization = () => notFound('No connection found by that id');
export const noOrganizationClient = () => notFound('The client is not associated with this organization.');
export const noDomain = () => notFound('No organization domain found by that id');
export const noConnection = () => notFound('The connection does not exist', 'inexistent_connection');
export const noClient = () => notFound('The client does not exist', 'inexistent_client');
export const noUser = () => notFound('The user does not exist.', 'inexistent_user');
export const noInvitation = () => notFound('The invitation does not exist.', 'inexistent_invitation');
export const noRole = () => notFound('The role does not exist.', 'inexistent_role');
export const noGrant = () => notFound('The grant does not exist.', 'inexistent_client_grant');
export const noAction = () => notFound('The action does not exist.');
export const noJob = () => notFound('The job does not exist.');
export const noResourceServer = () => notFound('The resource server does not exist', 'inexistent_resource_server');
