/**
 * `link_with` of `POST /users/{id}/identities`: an ID token that names the secondary user and proves that they signed
 * in at the calling application. Reads only; errors have Auth0's texts.
 */
import type { UserRecord } from '../../ports/directory/users.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, ManagementError } from '../api/errors.js';
import type { Call } from '../api/operation.js';

function parsePart(part: string | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the error for a token that this server did not issue. The token's content is not trusted: it only decides the
 * text.
 */
function refusalOf(token: string, issuer: string): ManagementError {
  const [header, payload] = token.split('.', 2).map(parsePart);
  if (header === undefined || payload === undefined) return badBody('Invalid token (link_with).');
  if (header.alg !== 'RS256') return badBody('JWT (link_with) must have an alg of RS256.');
  if (payload.iss !== issuer) return badBody('JWT (link_with) must have the same issuer as the calling user.');
  // `azp` means an access token. An API that received one could replay it here, so only ID tokens are accepted.
  if ('azp' in payload) return badBody('JWT (link_with) contains an invalid aud claim.');
  return new ManagementError(401, 'Invalid signature received for JSON Web Token validation.');
}

/** Returns the user named by an ID token that was issued to the calling application. Throws Auth0's 400 and 401. */
export async function getSecondaryOfToken(deps: ManagementDeps, call: Call, token: string): Promise<UserRecord> {
  const verified = await deps.verifyIdToken(token);
  if (verified === undefined) throw refusalOf(token, `${deps.origin}/`);
  // Attack: a token stolen from a log or a browser's history is used after its expiry.
  if (verified.expiresAt <= call.now) throw badBody('Invalid token (link_with): it has expired.');
  // Attack (token substitution): a person signed in at another application, which uses their token here to get their
  // account.
  if (verified.clientId !== call.caller.clientId) {
    throw badBody("JWT (link_with) must have an aud claim that matches that of the calling token's azp.");
  }
  const secondary = await call.directory.users.find(verified.userId);
  if (secondary === undefined) throw badBody('Provided secondary account not found.');
  return secondary;
}
