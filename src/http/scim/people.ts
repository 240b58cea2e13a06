/**
 * Changes of people by a company's directory. If the main identity of an account is at this connection, the account
 * belongs to the connection: the directory writes its profile, blocks it and deletes it. If an account only has a
 * further identity here, the directory writes nothing but that identity. Attack: one customer's directory blocks,
 * renames or deletes another customer's member, or the tenant's administrator (ADR 0042). The same holds for an account
 * of a customer's own connection while another organization has it as a member (ADR 0105). Never creates a membership,
 * and never links by an address.
 */

import { soleIssuer } from '../../domain/companies/idp-destination.js';
import { isSubject } from '../../domain/people/account.js';
import { assert } from '../../kernel/assert.js';
import { newDatabaseSubject } from '../../kernel/ids.js';
import { mergeMetadata, present } from '../../management/api/wire.js';
import { keepWaysIn } from '../../management/organizations/ways-in.js';
import { parseAttributePath } from '../../management/scim/attribute-path.js';
import { DEFAULT_MAPPING, type MappedUser, subjectOf, toMappedUser } from '../../management/scim/mapping.js';
import type { ScimPerson, ScimPersonChanges, ScimResource } from '../../ports/directory/scim.js';
import type { UserRecord } from '../../ports/directory/users.js';
import { Conflict } from '../../ports/directory.js';
import { type ScimCall, type ScimDeps, scopeOf } from './deps.js';
import { badRequest, notFound, notUnique, ScimError } from './errors.js';
import { parseUser } from './parse-user.js';
import { applyPatch } from './patch.js';
import { isClosed, isOwn, toResource } from './resource.js';

const mapped = (call: ScimCall, resource: ScimResource): MappedUser =>
  toMappedUser(resource, call.configuration.mapping ?? DEFAULT_MAPPING);

/** Returns the metadata with the mapped values; null removes a name. */
function metadataOf(before: UserRecord['appMetadata'], { appMetadata }: MappedUser): UserRecord['appMetadata'] {
  const names = Object.entries(appMetadata).map(([name, value]) => [name, value ?? null]);
  return names.length === 0 ? before : mergeMetadata(before, Object.fromEntries(names));
}

/** Checks the version of the person before they are changed (the header If-Match). Throws 412. */
type Check = (person: ScimPerson) => void;

/** A person whose rows are locked. `mayWriteAccount`: SCIM writes the account, and not the identity alone. */
type LockedPerson = ScimPerson & { readonly mayWriteAccount: boolean };

/**
 * True when the account is the connection's own and, for a connection that a customer made, no other organization has it
 * as a member. Attack: an administrator invites people, another customer takes them in as members, and the first one's
 * directory blocks, renames or deletes them there (ADR 0105). Reads after the lock, so a login that ended meanwhile
 * counts.
 */
async function mayWriteAccount({ connection, directory }: ScimCall, person: ScimPerson): Promise<boolean> {
  const { managedByOrganization: maker } = connection;
  if (!isOwn(person) || maker === undefined) return isOwn(person);
  const { items } = await directory.members.listOrganizationsOf(person.user.userId, { limit: 2 });
  return items.every(({ id }) => id === maker);
}

async function getPerson(call: ScimCall, scimId: string, check: Check = () => {}): Promise<LockedPerson> {
  if (scimId.includes('\0')) throw notFound();
  const person = await call.directory.scim.findPersonForUpdate(scopeOf(call), scimId);
  if (person === undefined) throw notFound();
  check(person);
  return { ...person, mayWriteAccount: await mayWriteAccount(call, person) };
}

/** Returns the subject of a new person's identity. Throws 400. */
function newSubject(call: ScimCall, resource: ScimResource): string {
  const { userIdAttribute } = call.configuration;
  const subject = subjectOf(resource, call.configuration);
  if (subject === undefined)
    throw badRequest('invalidValue', `${userIdAttribute} is required: it is the user's id at the identity provider.`);
  if (!isSubject(subject))
    throw badRequest(
      'invalidValue',
      `${userIdAttribute} takes what the identity provider gives: 1 to 255 printable ASCII characters.`,
    );
  return subject;
}

/**
 * Returns the issuer of the identities that the directory creates. Throws 409 if the connection has not exactly one:
 * the id of the new user could then differ from the id that a login gives them.
 */
function issuerOf({ connection }: ScimCall): string {
  const issuer = soleIssuer(connection);
  if (issuer === undefined)
    throw new ScimError(
      409,
      "The connection's options name no issuer, or many, so nobody can be created before a login.",
    );
  return issuer;
}

/** Converts the store's conflict of a unique key into 409 `uniqueness`. */
async function orNotUnique<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Conflict ? notUnique() : error;
  }
}

/**
 * Creates a person before their first sign-in. Throws 400 for a wrong body, and 409 when the person exists already, by
 * an earlier sign-in or by SCIM.
 */
export async function createPerson(deps: ScimDeps, call: ScimCall, body: unknown): Promise<ScimPerson> {
  const { active, ...resource } = parseUser(body);
  const subject = newSubject(call, resource);
  const issuer = issuerOf(call);
  const user = mapped(call, resource);
  return orNotUnique(
    call.directory.scim.createPerson(scopeOf(call), {
      issuer,
      subject,
      identityId: newDatabaseSubject(deps.entropy),
      // The address is not verified by the directory's word, because it may belong to another customer's member. A
      // login, or the organization's proved domain, verifies it.
      email: user.email?.address,
      profile: present(user.profile),
      appMetadata: metadataOf({}, user),
      blocked: active === false,
      claims: user.claims,
      resource,
      boundBy: `scim:${call.token.id}`,
      at: call.now,
    }),
  );
}

/**
 * Keeps the attribute that holds the subject, even if the body leaves it out: the identity provider goes on sending the
 * same subject. Throws 400 if the body has another value.
 */
function keepSubject(call: ScimCall, person: ScimPerson, before: ScimResource, after: ScimResource): ScimResource {
  const now = subjectOf(after, call.configuration);
  if (now === person.identity.subject || now === subjectOf(before, call.configuration)) return after;
  const path = parseAttributePath(call.configuration.userIdAttribute);
  const isPlain = path !== undefined && path.where === undefined && path.sub === undefined;
  if (now === undefined && isPlain && before[path.attribute] !== undefined)
    return { ...after, [path.attribute]: before[path.attribute] };
  throw badRequest(
    'mutability',
    `${call.configuration.userIdAttribute} is the user's id at the identity provider and cannot change.`,
  );
}

/**
 * The facts that decide whether the person may sign in: the directory's decision about the identity, and the block of
 * the account.
 */
interface Access {
  readonly inactive: boolean;
  readonly blocked: boolean;
  readonly blockedByScim: boolean;
}

const accessOf = ({ identity, user }: ScimPerson): Access => ({
  inactive: identity.scimInactive,
  blocked: user.blocked,
  blockedByScim: user.blockedByScim,
});

/**
 * Returns the access after `active: false`. An account of this connection is blocked. If an administrator blocked it
 * before, or the account is not the directory's to write, only the identity becomes inactive. So the directory's decision
 * remains after an administrator lifts their block.
 */
function closed(person: LockedPerson): Access {
  const now = accessOf(person);
  if (!person.mayWriteAccount || now.blocked) return { ...now, inactive: true };
  return { ...now, blocked: true, blockedByScim: true };
}

/**
 * Returns the access after `active: true`. Removes only a block that SCIM set. A person whom an administrator blocked
 * stays blocked, and SCIM shows them as inactive.
 */
function opened(person: ScimPerson): Access {
  const now = { ...accessOf(person), inactive: false };
  return isOwn(person) && now.blockedByScim ? { ...now, blocked: false, blockedByScim: false } : now;
}

/**
 * True when SCIM leaves the address of the account alone: a customer's administrator made the connection, and the person
 * has signed in, or is a member of an organization. Attack: the administrator writes an address of their own, exchanges
 * the provider, asserts the subject of a colleague, and proves the account by the code that is mailed (ADR 0102). Later
 * addresses come by sign-ins, in the domains that the customer proved.
 */
async function keepsAddress({ connection, directory }: ScimCall, { identity, user }: ScimPerson): Promise<boolean> {
  if (connection.managedByOrganization === undefined) return false;
  if (identity.status === 'bound') return true;
  return (await directory.members.listOrganizationsOf(user.userId, { limit: 1 })).items.length > 0;
}

async function changesOf(
  call: ScimCall,
  person: LockedPerson,
  resource: ScimResource,
  { inactive, ...block }: Access,
): Promise<ScimPersonChanges> {
  const { identity, user } = person;
  const to = mapped(call, resource);
  const { email, profile, appMetadata } = user;
  const kept = { email, profile, appMetadata };
  return {
    resource,
    // An identity that has signed in keeps the claims of its last login.
    claims: identity.status === 'expected' ? to.claims : undefined,
    inactive,
    user: isOwn(person)
      ? {
          ...(person.mayWriteAccount
            ? {
                email: (await keepsAddress(call, person)) ? email : (to.email?.address ?? email),
                profile: present({ ...profile, ...to.profile }),
                appMetadata: metadataOf(appMetadata, to),
              }
            : kept),
          ...block,
          updatedAt: call.now,
        }
      : undefined,
  };
}

/**
 * Writes a person who may no longer sign in. Revokes the access that they got through this connection. If the account
 * belongs to this connection, revokes all of its sessions.
 */
async function saveClosed(call: ScimCall, person: LockedPerson, resource: ScimResource): Promise<ScimPerson> {
  const { scim, users } = call.directory;
  const { userId } = person.user;
  const changes = await changesOf(call, person, resource, closed(person));
  const write = () => orNotUnique(scim.savePerson(person, changes));
  const saved = await keepWaysIn(call.directory, { lockedUserId: userId }, write);
  if (!person.mayWriteAccount) {
    await scim.endAccess(userId, person.identity.connectionId);
    return saved;
  }
  await users.endSessions(userId, call.now);
  return saved;
}

async function save(call: ScimCall, person: LockedPerson, body: unknown): Promise<ScimPerson> {
  const { active, ...parsed } = parseUser(body);
  const resource = keepSubject(call, person, toResource(person, call), parsed);
  const isChanged = active !== undefined && active === isClosed(person);
  if (isChanged && !active) return saveClosed(call, person, resource);
  const access = isChanged ? opened(person) : accessOf(person);
  return orNotUnique(call.directory.scim.savePerson(person, await changesOf(call, person, resource, access)));
}

/** Applies a PUT: the body replaces the person's data. Without `active` in the body, the stored value is kept. */
export async function replacePerson(call: ScimCall, scimId: string, body: unknown, check: Check): Promise<ScimPerson> {
  const person = await getPerson(call, scimId, check);
  return save(call, person, body);
}

/**
 * Applies a PATCH to a person (RFC 7644 section 3.5.2). `ignored` has the names of the attributes in it that are not
 * stored.
 */
export async function patchPerson(
  call: ScimCall,
  scimId: string,
  body: unknown,
  check: Check,
): Promise<{ readonly person: ScimPerson; readonly ignored: readonly string[] }> {
  const person = await getPerson(call, scimId, check);
  const { resource, ignored } = applyPatch({ ...toResource(person, call), active: !isClosed(person) }, body);
  return { person: await save(call, person, resource), ignored };
}

/**
 * Applies a DELETE. Deletes the account if it is the directory's to write; otherwise deletes only the identity, if SCIM
 * created it. Throws 403 if others linked it, or if the identity is the account's main one.
 */
export async function deletePerson(call: ScimCall, scimId: string, check: Check): Promise<ScimPerson> {
  const person = await getPerson(call, scimId, check);
  const { users } = call.directory;
  const { userId } = person.user;
  if (person.mayWriteAccount) {
    const removed = await keepWaysIn(call.directory, { lockedUserId: userId }, () => users.delete(userId));
    assert(removed, 'the account is locked in this transaction');
    return person;
  }
  if (person.identity.scimId === undefined || isOwn(person))
    throw new ScimError(
      403,
      'This user was linked to an account by others, or is a member elsewhere, so SCIM cannot delete it. Send active: false instead.',
    );
  await keepWaysIn(call.directory, { lockedUserId: userId }, () => users.deleteIdentity(userId, person.identity.id));
  return person;
}
