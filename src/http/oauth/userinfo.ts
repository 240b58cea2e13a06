/**
 * GET and POST /userinfo (OpenID Connect Core section 5.3): answers with claims about the person of an access token.
 * Reads them from the database each time, so that changes show at once. Accepts access tokens whose audience contains
 * this endpoint, never an ID token. Also accepts a token in the query, because passport-auth0 sends it there (RFC 6750
 * section 2.3). RFC 9700 section 4.3.2 advises clients against that; here no query is stored, no answer is cached, and
 * no page passes the address on as its referrer.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { queryOf } from '../form.js';
import type { OAuthDependencies } from './dependencies.js';
import { parseBody, parseForm } from './parameters.js';
import { invalidRequest, OAuthRefusal } from './refusals.js';

const invalidToken = () => new OAuthRefusal(401, 'invalid_token', 'The access token is invalid or has expired');

/**
 * Finds the token in the header, the form or the query (RFC 6750 section 2). Refuses a request with tokens in two of
 * these, because two readers might use different ones.
 */
function findBearer(request: FastifyRequest): string | undefined | OAuthRefusal {
  const header = /^bearer +(\S+)$/i.exec(request.headers.authorization?.trim() ?? '')?.[1];
  const form = request.method === 'POST' ? parseBody(request.headers['content-type'], request.body) : undefined;
  if (form instanceof OAuthRefusal) return form;
  const text = queryOf(request.url);
  // A query without `access_token` is not parsed, so a malformed one is no error.
  const query = text.includes('access_token') ? parseForm(text) : undefined;
  if (query instanceof OAuthRefusal) return query;
  const places = [header, form?.get('access_token'), query?.get('access_token')].filter((token) => token !== undefined);
  return places.length > 1 ? invalidRequest('The access token was sent in two places') : places[0];
}

/** Sends a refusal. Its challenge names the error, except when no token was sent (RFC 6750 section 3). */
function sendBearerRefusal(reply: FastifyReply, refusal: OAuthRefusal, challenge: 'with error' | 'bare'): FastifyReply {
  const detail = challenge === 'bare' ? '' : `, error="${refusal.error}", error_description="${refusal.description}"`;
  return reply
    .code(refusal.status)
    .header('www-authenticate', `Bearer realm="userinfo"${detail}`)
    .send(refusal.toJson());
}

/** Answers the route. Throws {@link Fault} when the database failed. */
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
  // An access token stays valid at APIs until it expires, even if its user is blocked or its user or client was
  // deleted. This endpoint refuses it at once.
  const { subject: userId, clientId, organizationId } = verified;
  const user = await deps.store.findTokenUser({ userId, clientId, organizationId });
  if (user === undefined) return sendBearerRefusal(reply, invalidToken(), 'with error');
  return reply.send({ sub: user.userId, ...deps.issuer.userClaims(user, verified.scopes.join(' ')) });
}
