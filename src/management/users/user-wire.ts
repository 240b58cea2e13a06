/** Converts users and identities to Auth0's JSON. */
import type { UserProfile } from '../../domain/people/account.js';
import { shownProfile } from '../../domain/people/shown-profile.js';
import type { IdentityRecord, UserRecord } from '../../ports/directory/users.js';
import { toChanges } from '../api/fields.js';
import type { Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, present, rowsOf, viewOf, wordOf } from '../api/wire.js';
import { PROFILE_FIELDS, type ProfileBody, USER_FIELDS } from './fields.js';

/**
 * Returns the second part of a user id: 24 hexadecimal digits for a database, `connection|subject` for an identity
 * provider.
 */
export function toIdentityUserId(identity: IdentityRecord): string {
  // An identity that is expected by an address has no subject yet, so the address takes its place.
  const subject = identity.subject ?? identity.expectedEmail ?? '';
  return identity.strategy === 'auth0' ? subject : `${identity.connectionName}|${subject}`;
}

const isExpected = ({ status }: IdentityRecord) => status === 'expected';

/** An identity of a user. `status` and `expected_email` are additions; only an expected identity has them. */
export const IDENTITY = viewOf<IdentityRecord>({
  connection: ['string', ({ connectionName }) => connectionName],
  user_id: ['string', toIdentityUserId],
  provider: ['string', ({ strategy }) => strategy],
  isSocial: ['boolean', () => false],
  'profileData?': [
    ANY_OBJECT,
    ({ isPrimary, profile }) => (!isPrimary && Object.keys(profile).length > 0 ? profile : undefined),
  ],
  'status?': [wordOf('expected'), (identity) => (isExpected(identity) ? 'expected' : undefined)],
  'expected_email?': ['string', (identity) => (isExpected(identity) ? identity.expectedEmail : undefined)],
});

const nonEmpty = (metadata: Wire) => (Object.keys(metadata).length > 0 ? metadata : undefined);

/**
 * A user in answers, without password hashes. A user from an identity provider may have no name; one from a directory
 * may have no address.
 */
const USER = viewOf<UserRecord & UserProfile>({
  user_id: ['string', ({ userId }) => userId],
  'email?': ['string', ({ email }) => email],
  email_verified: ['boolean', ({ emailVerified }) => emailVerified],
  ...rowsOf(USER_FIELDS),
  ...rowsOf(PROFILE_FIELDS),
  identities: [listOf(IDENTITY.schema), ({ identities }) => identities.map(IDENTITY.show)],
  'user_metadata?': [ANY_OBJECT, ({ userMetadata }) => nonEmpty(userMetadata)],
  'app_metadata?': [ANY_OBJECT, ({ appMetadata }) => nonEmpty(appMetadata)],
  // Auth0's name for all of its second factors.
  'multifactor?': [listOf(wordOf('guardian')), ({ hasSecondFactor }) => (hasSecondFactor ? ['guardian'] : undefined)],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  updated_at: ['string', ({ updatedAt }) => updatedAt.toISOString()],
  'last_login?': ['string', ({ lastLoginAt }) => lastLoginAt?.toISOString()],
  'last_ip?': ['string', ({ lastIp }) => lastIp],
  'logins_count?': ['integer', ({ loginsCount }) => (loginsCount > 0 ? loginsCount : undefined)],
});

export const USER_REPLY = USER.schema;

/** Converts a user into Auth0's JSON. */
export const toUserWire = (user: UserRecord): Wire => USER.show({ ...shownProfile(user), ...user });

/**
 * Merges the profile properties of a request into the profile; null removes one. Returns undefined if the request has
 * none.
 */
export function toProfile(before: UserProfile, body: ProfileBody): UserProfile | undefined {
  const changes = toChanges(PROFILE_FIELDS, body);
  return Object.keys(changes).length === 0 ? undefined : (present({ ...before, ...changes }) as UserProfile);
}
