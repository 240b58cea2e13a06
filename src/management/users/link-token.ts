/**
 * `link_with` of `POST /users/{id}/identities`: names the secondary user by an ID token, which proves that they signed
 * in at the calling application. Reads only; token errors are in Auth0's words.
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
 * Returns the refusal of a token that this server did not issue. Its content is not trusted and only chooses the text.
 */
function refusalOf(token: string, issuer: string): ManagementError {
  const [header, payload] = token.split('.', 2).map(parsePart);
  if (header === undefined || payload === undefined) return badBody('Invalid token (link_with).');
  if (header.alg !== 'RS256') return badBody('JWT (link_with) must have an alg of RS256.');
  if (payload.iss !== issuer) return badBody('JWT (link_with) must have the same issuer as the calling user.');
  // `azp` means an access token. An API that received it could replay it here, so only ID tokens are accepted.
  if ('azp' in payload) return badBody('JWT (link_with) contains an invalid aud claim.');
  return new ManagementError(401, 'Invalid signature received for JSON Web Token validation.');
}

/** Returns the user who is the subject of an ID token of the calling application. Throws Auth0's 400 and 401. */
export async function getSecondaryOfToken(deps: ManagementDeps, call: Call, token: string): Promise<UserRecord> {
  const verified = await deps.verifyIdToken(token);
  if (verified === undefined) throw refusalOf(token, `${deps.origin}/`);
  // Attack: a token stolen from a log or a browser's history is used after its expiry.
  if (verified.expiresAt <= call.now) throw badBody('Invalid token (link_with): it has expired.');
  // Attack (token substitution): an application uses a token that a person gave to another application, and gets their
  // account.
  if (verified.clientId !== call.caller.clientId) {
    throw badBody("JWT (link_with) must have an aud claim that matches that of the calling token's azp.");
  }
  const secondary = await call.directory.users.find(verified.userId);
  if (secondary === undefined) throw badBody('Provided secondary account not found.');
  return secondary;
}
