/**
 * GET and POST /userinfo (OpenID Connect Core section 5.3): claims of the person an access token belongs to, read fresh, so that a change
 * of the address or its verification shows at once. Accepts access tokens whose audience contains this endpoint, never an ID token. A token
 * in the query is taken too, as passport-auth0 sends it (RFC 6750 section 2.3; RFC 9700 section 4.3.2 advises clients against it): nothing
 * here keeps queries, no answer is cached, and no page is sent that could pass the address on as its referrer.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { queryOf } from '../form.js';
import type { OAuthDependencies } from './dependencies.js';
import { parseBody, parseForm } from './parameters.js';
import { invalidRequest, OAuthRefusal } from './refusals.js';

const invalidToken = () => new OAuthRefusal(401, 'invalid_token', 'The access token is invalid or has expired');

/** RFC 6750 section 2: in the header, in a form or in the query, but in one place only: two readers might take two different tokens. */
function findBearer(request: FastifyRequest): string | undefined | OAuthRefusal {
  const header = /^bearer +(\S+)$/i.exec(request.headers.authorization?.trim() ?? '')?.[1];
  const form = request.method === 'POST' ? parseBody(request.headers['content-type'], request.body) : undefined;
  if (form instanceof OAuthRefusal) return form;
  const text = queryOf(request.url);
  // A query without a token is not parsed, so a malformed one is no error here.
  const query = text.includes('access_token') ? parseForm(text) : undefined;
  if (query instanceof OAuthRefusal) return query;
  const places = [header, form?.get('access_token'), query?.get('access_token')].filter((token) => token !== undefined);
  return places.length > 1 ? invalidRequest('The access token was sent in two places') : places[0];
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
  const { subject: userId, clientId, organizationId } = verified;
  const user = await deps.store.findTokenUser({ userId, clientId, organizationId });
  if (user === undefined) return sendBearerRefusal(reply, invalidToken(), 'with error');
  return reply.send({ sub: user.userId, ...deps.issuer.userClaims(user, verified.scopes.join(' ')) });
}
