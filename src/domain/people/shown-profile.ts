/**
 * Names and picture under which an account is shown: to applications (ID token, `/userinfo`), to Actions (`event.user`)
 * and by the Management API. One rule for all of them. Pure; must never use the network: the address of a picture is
 * computed, not fetched.
 */
import { createHash } from 'node:crypto';
import type { UserProfile } from './account.js';

/** The stored fields of an account from which its shown profile is computed. */
export interface ProfileOwner {
  readonly userId: string;
  readonly email: string | undefined;
  readonly profile: UserProfile;
}

function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf('@'));
}

/** Returns the address of Auth0's picture of two letters, which exists for every pair from `aa` to `zz`. */
function initialsPicture(email: string): string {
  const letters = /^[a-z]{2}/.exec(localPart(email).replace(/[^a-z]/g, ''))?.[0];
  return `https://cdn.auth0.com/avatars/${letters ?? 'default'}.png`;
}

/**
 * Returns Auth0's default picture: that of Gravatar, found by the MD5 of the address. If Gravatar has none, it shows
 * Auth0's picture of the address's first two letters.
 */
function defaultPicture(email: string): string {
  const hash = createHash('md5').update(email).digest('hex');
  return `https://s.gravatar.com/avatar/${hash}?s=480&r=pg&d=${encodeURIComponent(initialsPicture(email))}`;
}

/**
 * True for an account of a database connection (sign-up, invitation, import, `POST /users`), not of a company's
 * identity provider.
 */
function isDatabaseAccount(userId: string): boolean {
  return userId.startsWith('auth0|');
}

/**
 * Returns the profile of an account, with Auth0's defaults for missing fields: `name` is the address, `nickname` the
 * part before its @, `picture` Gravatar's. For an account that a company's identity provider created, a picture is
 * shown only if the provider sent one: no company has agreed that Gravatar gets hashes of its people's addresses.
 * Source: Auth0, "User Profile Structure".
 */
export function shownProfile({ userId, email, profile }: ProfileOwner): UserProfile {
  if (email === undefined) return profile;
  return {
    name: email,
    nickname: localPart(email),
    ...(isDatabaseAccount(userId) && { picture: defaultPicture(email) }),
    ...profile,
  };
}
