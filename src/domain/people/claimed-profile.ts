/**
 * The profile of a person in an identity provider's claims, in any protocol. Pure; proves nothing and finds no account.
 */
import type { UserProfile } from './account.js';

/**
 * This server's field, the claim (OpenID Connect Core section 5.1), and the maximum number of stored characters (as on
 * Auth0).
 */
const FIELDS = [
  ['name', 'name', 300],
  ['givenName', 'given_name', 150],
  ['familyName', 'family_name', 150],
  ['nickname', 'nickname', 300],
  ['picture', 'picture', 2048],
] as const;

/** Returns the profile from the claims that `read` returns. Leaves out a claim that is empty, no text, or too long. */
export function toClaimedProfile(read: (claim: (typeof FIELDS)[number][1]) => unknown): UserProfile {
  const profile: Record<string, string> = {};
  for (const [field, claim, max] of FIELDS) {
    const text = read(claim);
    if (typeof text === 'string' && text !== '' && text.length <= max) profile[field] = text;
  }
  return profile;
}
