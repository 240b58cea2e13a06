/**
 * GET and POST /userinfo (OpenID Connect Core section 5.3): claims of the person an access token belongs to, read fresh, so
 * that a change of the address or its verification shows at once. Accepts access tokens whose audience contains this
 * endpoint, never an ID token, and never a token in the query (RFC 9700 section 2.6: it would end up in logs and referrers).
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OAuthDependencies } from './dependencies.js';
import { parseBody } from './parameters.js';
import { invalidRequest, OAuthRefusal } from './refusals.js';

const invalidToken = () => new OAuthRefusal(401, 'invalid_token', 'The access token is invalid or has expired');

/** RFC 6750 section 2.1 and 2.2: in the header or in a form, but in one place only. */
function findBearer(request: FastifyRequest): string | undefined | OAuthRefusal {
  const header = /^bearer +(\S+)$/i.exec(request.headers.authorization?.trim() ?? '')?.[1];
  const parameters = request.method === 'POST' ? parseBody(request.headers['content-type'], request.body) : undefined;
  if (parameters instanceof OAuthRefusal) return parameters;
  const posted = parameters?.get('access_token');
  if (header !== undefined && posted !== undefined) return invalidRequest('The access token was sent in two places');
  return header ?? posted;
}

/** RFC 6750 section 3: the challenge names the error, except when no token was sent at all. */
function sendBearerRefusal(reply: FastifyReply, refusal: OAuthRefusal, challenge: 'with error' | 'bare'): FastifyReply {
  const detail = challenge === 'bare' ? '' : `, error="${refusal.error}", error_description="${refusal.description}"`;
  return reply
    .code(refusal.status)
    .header('www-authenticate', `Bearer realm="userinfo"${detail}`)
    .send(refusal.toJson());
}

/** The handler of the route. Throws {@link Fault} when the database failed. */
export async function answerUserinfo(
  deps: OAuthDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const token = findBearer(request);
  if (token instanceof OAuthRefusal) return sendBearerRefusal(reply, token, 'with error');
  if (token === undefined) return sendBearerRefusal(reply, invalidToken(), 'bare');
  const verified = await deps.issuer.verifyAccessToken(token, `${deps.origin}/userinfo`);
  if (verified === undefined || verified.isMachine) return sendBearerRefusal(reply, invalidToken(), 'with error');
  if (!verified.scopes.includes('openid')) {
    const refusal = new OAuthRefusal(403, 'insufficient_scope', 'The access token lacks the scope openid');
    return sendBearerRefusal(reply, refusal, 'with error');
  }
  // The token of a user who was blocked or deleted, or of a client that was deleted, lives on until it expires; here it ends at once.
  const user = await deps.store.findTokenUser(verified.subject, verified.clientId);
  if (user === undefined) return sendBearerRefusal(reply, invalidToken(), 'with error');
  return reply.send({ sub: user.userId, ...deps.issuer.userClaims(user, verified.scopes.join(' ')) });
}
