/**
 * Turns an unlinked identity, bound or created by SCIM, into a user of its own again, as on Auth0. The new user has the
 * identity's profile and no metadata.
 */
import type { UserProfile } from '../../domain/people/account.js';
import { parseEmail } from '../../domain/people/email.js';
import { isEnterprise } from '../../domain/tenant.js';
import type { IdentityRecord, UserRecord } from '../../ports/directory/users.js';
import type { Call } from '../api/operation.js';
import { orConflict } from '../api/wire.js';
import { toIdentityUserId } from './user-wire.js';

function toProfile(stored: Readonly<Record<string, unknown>>): UserProfile {
  const names = {
    name: 'name',
    given_name: 'givenName',
    family_name: 'familyName',
    nickname: 'nickname',
    picture: 'picture',
  };
  const found = Object.entries(names).filter(([claim]) => typeof stored[claim] === 'string');
  return Object.fromEntries(found.map(([claim, field]) => [field, stored[claim]])) as UserProfile;
}

/**
 * Returns the id for the new user: the one that SCIM assigned; else, for a database, its subject; else the id that a
 * login by this identity would have assigned.
 */
async function newUserId({ directory, now }: Call, identity: IdentityRecord): Promise<string> {
  if (identity.scimId !== undefined) return identity.scimId;
  const { strategy, connectionId, connectionName, issuer, subject } = identity;
  if (!isEnterprise(strategy)) return `${strategy}|${toIdentityUserId(identity)}`;
  const base = `${strategy}|${connectionName}`;
  return `${await directory.users.getIdPrefix({ connectionId, issuer, base, at: now })}|${subject}`;
}

/** Moves `identity` of `user` to a new user. Throws 409 when one with its id exists. */
export async function separateIdentity(call: Call, user: UserRecord, identity: IdentityRecord): Promise<void> {
  const { users } = call.directory;
  const userId = await newUserId(call, identity);
  const create = users.create({
    userId,
    email: parseEmail(identity.profile.email),
    // Only a voucher of this identity counts. Neither of these does: the provider's own claim (`email_verified`,
    // perhaps for an address under another organization's domain), or a proof for the user that the identity leaves.
    emailVouchedBy: identity.emailVouchedBy,
    username: undefined,
    phoneNumber: undefined,
    profile: toProfile(identity.profile),
    blocked: user.blocked,
    userMetadata: {},
    appMetadata: {},
    createdAt: call.now,
    updatedAt: call.now,
  });
  await orConflict('A user for this identity exists already.', create);
  await users.moveIdentity(user.userId, identity.id, userId, undefined, true);
  if (!identity.scimInactive) return;
  // SCIM deactivated this identity, so the new account is blocked by SCIM, which may lift that block. If the operator's
  // block was copied too, the identity also stays inactive: SCIM's deactivation must last longer than the operator's
  // block.
  const isBlockedNow = await call.directory.scim.block(userId, call.now);
  if (isBlockedNow) await call.directory.scim.setInactive(userId, identity.id, false);
}
