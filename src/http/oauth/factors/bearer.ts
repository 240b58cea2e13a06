/**
 * Finds out whose factors a request concerns, by its bearer token: an `mfa_token`, or an access token of the audience
 * `/mfa/`. No other token of this server is accepted, and no machine's.
 */
import type { FastifyRequest } from 'fastify';
import type { Email } from '../../../domain/people/email.js';
import type { TokenClient } from '../../../ports/token-store.js';
import type { OAuthDependencies } from '../dependencies.js';
import { accessDenied, OAuthRefusal } from '../refusals.js';
import { factorAudience, issuedAt } from './audience.js';
import { openFactorToken } from './factor-token.js';
import { findRefused, malformedToken } from './find-refused.js';
import type { FactorsOf, Party } from './ground.js';

/** The person of a request, and the application that asks for them. */
export interface Bearer {
  readonly by: 'mfa_token' | 'access_token';
  readonly party: Party;
  readonly email: Email | undefined;
  readonly client: TokenClient;
  /** When an access token was issued. */
  readonly issuedAt?: Date;
}

const invalidToken = () => new OAuthRefusal(401, 'invalid_token', 'The access token is invalid or has expired');

/** Returns the token of the header `Authorization`. No other place is read. */
function bearerOf(request: FastifyRequest): string | undefined {
  return /^bearer +(\S+)$/i.exec(request.headers.authorization?.trim() ?? '')?.[1];
}

/**
 * Finds the person of an access token of the audience `/mfa/` that has `scope`. Reads them again: a blocked person, or a
 * deleted application, ends the access at once.
 */
export async function findByAccessToken(
  deps: OAuthDependencies,
  text: string,
  scope: string,
): Promise<(Bearer & { readonly expiresAt: Date; readonly scopes: readonly string[] }) | OAuthRefusal> {
  const verified = await deps.issuer.verifyAccessToken(text, factorAudience(deps.origin));
  if (verified === undefined || verified.isMachine) return invalidToken();
  const { subject: userId, clientId, organizationId, scopes, expiresAt, sessionId } = verified;
  if (!scopes.includes(scope))
    return new OAuthRefusal(403, 'insufficient_scope', `The access token lacks the scope ${scope}`);
  const user = await deps.store.findTokenUser({ userId, clientId, organizationId });
  const client = user && (await deps.store.findClient(clientId));
  if (user === undefined || client === undefined) return invalidToken();
  const party = { userId, clientId, organizationId, connectionId: undefined, sessionId };
  return { by: 'access_token', party, email: user.email, client, issuedAt: issuedAt({ expiresAt }), expiresAt, scopes };
}

/** Finds the person of the request. `scope` is what an access token needs; an `mfa_token` has none. */
export async function findBearer(
  deps: OAuthDependencies,
  request: FastifyRequest,
  scope: string,
): Promise<Bearer | OAuthRefusal> {
  const text = bearerOf(request);
  if (text === undefined) return invalidToken();
  const token = openFactorToken(deps.factorBox, text);
  if (token === undefined) return text.includes('.') ? findByAccessToken(deps, text, scope) : malformedToken();
  const refused = await findRefused(deps, token.clientId, token);
  if (refused instanceof OAuthRefusal) return refused;
  const { client, grant } = refused;
  const { user, organization, connectionId } = grant;
  const party = { userId: user.userId, clientId: client.clientId, organizationId: organization?.id, connectionId };
  return { by: 'mfa_token', party, email: user.email, client };
}

/**
 * Refuses to change factors by an access token from before one was set up: its login asked for none. Attack: somebody
 * with the password gets a token, the owner sets up a factor, and the token removes it or adds another.
 */
export function checkSince({ issuedAt: since }: Bearer, { confirmedAt }: FactorsOf): OAuthRefusal | undefined {
  if (since === undefined || confirmedAt === undefined || confirmedAt.getTime() <= since.getTime()) return undefined;
  return accessDenied('A factor was set up after this token was issued. Sign in again.', {
    check: 'factor.token_expired',
  });
}
