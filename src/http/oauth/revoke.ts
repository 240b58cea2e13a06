/**
 * POST /oauth/revoke (RFC 7009): revokes a refresh token and its whole family. The answer is the same for unknown
 * tokens, tokens of other clients and tokens that are already invalid, so that nobody learns which exist.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authenticateClient } from './client-authentication.js';
import { allowClientOrigins } from './cors.js';
import type { OAuthDependencies } from './dependencies.js';
import { missingParameter, OAuthRefusal } from './refusals.js';
import { parseClientRequest, sendRefusal } from './token.js';

/** Answers the route. Throws {@link Fault} when the database failed. */
export async function answerRevocation(
  deps: OAuthDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const parsed = parseClientRequest(request);
  if (parsed instanceof OAuthRefusal) return sendRefusal(request, reply, parsed);
  const { parameters, credentials } = parsed;
  const client = await deps.store.findClient(credentials.clientId);
  allowClientOrigins(request, reply, client);
  const token = parameters.get('token');
  const refusal =
    (await authenticateClient(deps, client, { credentials, ip: request.ip })) ??
    (token === undefined ? missingParameter('token') : undefined);
  if (refusal || token === undefined) return sendRefusal(request, reply, refusal ?? missingParameter('token'));
  // Refuses access tokens: APIs check theirs without asking this server, and one for /userinfo has no row, so the answer
  // "revoked" would be false (RFC 7009 section 2.2.1).
  const opened = await deps.issuer.verifyAccessToken(token, `${deps.origin}/userinfo`);
  if (opened !== undefined || token.split('.').length === 3) {
    const description = 'Access tokens cannot be revoked; they expire. Revoke the refresh token.';
    return sendRefusal(request, reply, new OAuthRefusal(400, 'unsupported_token_type', description));
  }
  const reference = deps.opaque.open('refresh', token);
  if (reference) await deps.store.revokeRefreshToken(reference, credentials.clientId, deps.clock.now());
  return reply.code(200).send();
}
