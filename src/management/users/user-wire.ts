/** Converts users and identities to Auth0's JSON. */
import type { UserProfile } from '../../domain/people/account.js';
import { shownProfile } from '../../domain/people/shown-profile.js';
import type { IdentityRecord, UserRecord } from '../../ports/directory/users.js';
import { sometimesShown, toChanges, toJson } from '../api/fields.js';
import type { Wire } from '../api/operation.js';
import { ANY_OBJECT, listOf, present, replyOf, viewOf, wordOf } from '../api/wire.js';
import { PROFILE_FIELDS, type ProfileBody, USER_FIELDS } from './fields.js';

/** Returns the second half of a user id: `<24 hex>` at a database, `<connection>|<subject>` at an identity provider. */
export function toIdentityUserId(identity: IdentityRecord): string {
  // An identity expected only by an address is named by it until it is bound.
  const subject = identity.subject ?? identity.expectedEmail ?? '';
  return identity.strategy === 'auth0' ? subject : `${identity.connectionName}|${subject}`;
}

const isExpected = ({ status }: IdentityRecord) => status === 'expected';

/** An identity of a user. `status` and `expected_email` are additions, only on expected identities. */
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

/** Schema of a user in answers. A user from an identity provider may lack a name, and one of a directory an address. */
export const USER_REPLY = replyOf(
  {
    user_id: 'string',
    email_verified: 'boolean',
    identities: listOf(IDENTITY.schema),
    created_at: 'string',
    updated_at: 'string',
  },
  {
    email: 'string',
    ...sometimesShown(USER_FIELDS),
    ...sometimesShown(PROFILE_FIELDS),
    user_metadata: ANY_OBJECT,
    app_metadata: ANY_OBJECT,
    last_login: 'string',
    last_ip: 'string',
    logins_count: 'integer',
  },
);

/** Converts a user into Auth0's JSON, without password hashes. */
export function toUserWire(user: UserRecord): Wire {
  const profile = shownProfile(user);
  const nonEmpty = (metadata: Wire) => (Object.keys(metadata).length > 0 ? metadata : undefined);
  return present({
    user_id: user.userId,
    email: user.email,
    email_verified: user.emailVerified,
    ...toJson(USER_FIELDS, user),
    ...toJson(PROFILE_FIELDS, profile),
    identities: user.identities.map(IDENTITY.show),
    user_metadata: nonEmpty(user.userMetadata),
    app_metadata: nonEmpty(user.appMetadata),
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
    last_login: user.lastLoginAt?.toISOString(),
    last_ip: user.lastIp,
    logins_count: user.loginsCount > 0 ? user.loginsCount : undefined,
  });
}

/** Merges the request's properties into the profile; null removes a property. Undefined when the request has none. */
export function toProfile(before: UserProfile, body: ProfileBody): UserProfile | undefined {
  const changes = toChanges(PROFILE_FIELDS, body);
  return Object.keys(changes).length === 0 ? undefined : (present({ ...before, ...changes }) as UserProfile);
}
