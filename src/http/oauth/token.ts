/** POST /oauth/token: reads the request, lets the grant decide, logs a refusal, and answers. Knows no grant's rules. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { newReference } from '../../kernel/ids.js';
import { preferredLanguage } from '../browser/language.js';
import { authenticateClient, type ClientCredentials, parseClientCredentials } from './client-authentication.js';
import { allowClientOrigins } from './cors.js';
import type { OAuthDependencies } from './dependencies.js';
import { FACTOR_GRANTS } from './factors/answers.js';
import { grantByMail, grantByOtp, grantByRecoveryCode } from './factors/grant-factor.js';
import { failureLine, type Grant, type GrantOutcome, type TokenRequest } from './grant.js';
import { grantAuthorizationCode } from './grant-authorization-code.js';
import { grantClientCredentials } from './grant-client-credentials.js';
import { grantRefreshToken } from './grant-refresh-token.js';
import { type Parameters, parseBody } from './parameters.js';
import { missingParameter, OAuthRefusal, unsupportedGrantType } from './refusals.js';
import type { Standstill } from './standstill.js';

/** The grants by `grant_type`, with the log type of a failed exchange (Auth0's codes). */
const GRANTS: ReadonlyMap<string, { readonly grant: Grant; readonly failure: string }> = new Map([
  ['authorization_code', { grant: grantAuthorizationCode, failure: 'feacft' }],
  ['refresh_token', { grant: grantRefreshToken, failure: 'fertft' }],
  ['client_credentials', { grant: grantClientCredentials, failure: 'feccft' }],
  [FACTOR_GRANTS.otp, { grant: grantByOtp, failure: 'feotpft' }],
  [FACTOR_GRANTS.oob, { grant: grantByMail, failure: 'feoobft' }],
  [FACTOR_GRANTS['recovery-code'], { grant: grantByRecoveryCode, failure: 'fercft' }],
]);

/** Maximum number of characters of a user agent in the log. The sender chooses the header, so it may be very long. */
const USER_AGENT_LENGTH = 512;

interface ParsedRequest {
  readonly parameters: Parameters;
  readonly credentials: ClientCredentials;
}

/** Parses the body and the credentials of a request to /oauth/token or /oauth/revoke. */
export function parseClientRequest(request: FastifyRequest): ParsedRequest | OAuthRefusal {
  const parameters = parseBody(request.headers['content-type'], request.body);
  if (parameters instanceof OAuthRefusal) return parameters;
  const credentials = parseClientCredentials(request.headers.authorization, parameters);
  return credentials instanceof OAuthRefusal ? credentials : { parameters, credentials };
}

/**
 * Sends a refusal, with the reference of its log line if it has one. If authentication by header failed, adds the
 * challenge of RFC 6749 section 5.2.
 */
export function sendRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: OAuthRefusal,
  reference?: string,
): FastifyReply {
  if (refusal.status === 401 && request.headers.authorization !== undefined)
    reply.header('www-authenticate', 'Basic realm="oauth", charset="UTF-8"');
  if (refusal.status === 503) reply.header('retry-after', '1');
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', String(refusal.retryAfterSeconds));
  return reply.code(refusal.status).send(refusal.toJson(reference));
}

/** Refuses an unknown grant type. Looks the client up nevertheless, so that its own pages may read the reason. */
async function refuseUnknownGrant(deps: OAuthDependencies, request: TokenRequest): Promise<GrantOutcome> {
  const client = await deps.store.findClient(request.credentials.clientId);
  const grantType = request.parameters.get('grant_type');
  const refusal = grantType === undefined ? missingParameter('grant_type') : unsupportedGrantType(grantType);
  return { client, answer: (await authenticateClient(deps, client, request)) ?? refusal };
}

/** Answers the route. Throws {@link Fault} when the database failed. */
export async function answerTokenRequest(
  deps: OAuthDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  standstill: Pick<Standstill, 'isJustOver'>,
): Promise<FastifyReply> {
  const wasLate = standstill.isJustOver();
  const parsed = parseClientRequest(request);
  if (parsed instanceof OAuthRefusal) return sendRefusal(request, reply, parsed);
  const userAgent = request.headers['user-agent']?.slice(0, USER_AGENT_LENGTH);
  const language = preferredLanguage(request.headers['accept-language']);
  const isWanted = () => !request.raw.socket.destroyed;
  const isLate = () => wasLate || standstill.isJustOver();
  const tokenRequest: TokenRequest = { ...parsed, ip: request.ip, userAgent, language, isWanted, isLate };
  const found = GRANTS.get(parsed.parameters.get('grant_type') ?? '');
  const { client, answer, headers = {} } = await (found?.grant ?? refuseUnknownGrant)(deps, tokenRequest);
  reply.headers(headers);
  allowClientOrigins(request, reply, client);
  if (!(answer instanceof OAuthRefusal)) return reply.send(answer);
  if (found === undefined) return sendRefusal(request, reply, answer);
  // Only refusals of existing clients get a line in the tenant's log, so that made-up client ids cannot fill it. The
  // answer looks the same.
  if (client === undefined) {
    const reference = newReference(deps.entropy);
    request.log.info({ reference, check: answer.evidence.check }, 'a token request in the name of nobody was refused');
    return sendRefusal(request, reply, answer, reference);
  }
  const { line, reference } = failureLine(deps, tokenRequest, found.failure, client, answer);
  await deps.ledger.append(line);
  return sendRefusal(request, reply, answer, reference);
}
