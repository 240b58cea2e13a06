/**
 * The writes of a company's directory about its people. Of an account that is the connection's own (its main identity is at this connection) the
 * directory writes the profile, blocks it and deletes it. Of an account that only has a further identity here, it writes this identity and
 * nothing else: one customer's directory must not block, rename or delete another's member, or the tenant's administrator (ADR 0042).
 * Gives nobody a membership, and links nobody by an address.
 */
import { isSubject } from '../../domain/account.js';
import { soleIssuer } from '../../domain/idp-destination.js';
import { assert } from '../../kernel/assert.js';
import { newDatabaseSubject } from '../../kernel/ids.js';
import { mergeMetadata, present } from '../../management/api/wire.js';
import { keepBreakGlass } from '../../management/organizations/break-glass.js';
import { parseAttributePath } from '../../management/scim/attribute-path.js';
import { DEFAULT_MAPPING, type MappedUser, subjectOf, toMappedUser } from '../../management/scim/mapping.js';
import type { ScimPerson, ScimResource } from '../../ports/directory/scim.js';
import type { UserChanges, UserRecord } from '../../ports/directory/users.js';
import { Conflict } from '../../ports/directory.js';
import { type ScimCall, type ScimDeps, scopeOf } from './deps.js';
import { badRequest, notFound, notUnique, ScimError } from './errors.js';
import { parseUser } from './parse-user.js';
import { applyPatch } from './patch.js';
import { isClosed, isOwn, toResource } from './resource.js';

const mapped = (call: ScimCall, resource: ScimResource): MappedUser =>
  toMappedUser(resource, call.configuration.mapping ?? DEFAULT_MAPPING);

/** The metadata with those of the mapping; null removes a name. */
function metadataOf(before: UserRecord['appMetadata'], { appMetadata }: MappedUser): UserRecord['appMetadata'] {
  const names = Object.entries(appMetadata).map(([name, value]) => [name, value ?? null]);
  return names.length === 0 ? before : mergeMetadata(before, Object.fromEntries(names));
}

/** A check of the person as they are, before they are written: If-Match. */
type Check = (person: ScimPerson) => void;

async function getPerson(call: ScimCall, scimId: string, check: Check = () => {}): Promise<ScimPerson> {
  if (scimId.includes('\0')) throw notFound();
  const person = await call.directory.scim.findPersonForUpdate(scopeOf(call), scimId);
  if (person === undefined) throw notFound();
  check(person);
  return person;
}

/** The subject that a new person will have, or 400. */
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

/** The issuer whose subjects the directory names: without it the id of the new user could not be the one of their login. */
function issuerOf({ connection }: ScimCall): string {
  const issuer = soleIssuer(connection);
  if (issuer === undefined)
    throw new ScimError(
      409,
      "The connection's options name no issuer, or many, so nobody can be created before a login.",
    );
  return issuer;
}

/** Writes the conflict of a unique key as 409 `uniqueness`. */
async function orNotUnique<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Conflict ? notUnique() : error;
  }
}

async function insert(
  deps: ScimDeps,
  call: ScimCall,
  userId: string,
  subject: string,
  issuer: string,
  resource: ScimResource,
) {
  const { users } = call.directory;
  const user = mapped(call, resource);
  await users.create({
    userId,
    email: user.email?.address,
    // The directory's word vouches for no address: another customer's member may have it. A login proves it, or the organization's domain.
    emailVouchedBy: undefined,
    username: undefined,
    phoneNumber: undefined,
    profile: present(user.profile),
    blocked: false,
    userMetadata: {},
    appMetadata: metadataOf({}, user),
    createdAt: call.now,
    updatedAt: call.now,
  });
  await users.addIdentity({
    id: newDatabaseSubject(deps.entropy),
    userId,
    connectionId: call.connection.id,
    status: 'expected',
    issuer,
    subject,
    expectedEmail: undefined,
    isPrimary: true,
    profile: user.claims,
    boundBy: `scim:${call.token.id}`,
    scim: { id: userId, resource },
    at: call.now,
  });
}

/** Creates a person who waits for their first sign-in. Throws 400, and 409 where they are there already, bound or expected. */
export async function createPerson(deps: ScimDeps, call: ScimCall, body: unknown): Promise<ScimPerson> {
  const { active, ...resource } = parseUser(body);
  const subject = newSubject(call, resource);
  const issuer = issuerOf(call);
  const { users, scim } = call.directory;
  const connectionId = call.connection.id;
  for (const status of ['bound', 'expected'] as const) {
    if ((await users.findIdentity({ connectionId, subject, status })) !== undefined) throw notUnique();
  }
  const base = scopeOf(call).idBase;
  const userId = `${await users.getIdPrefix({ connectionId, issuer, base, at: call.now })}|${subject}`;
  await orNotUnique(insert(deps, call, userId, subject, issuer, resource));
  if (active === false) await scim.block(userId, call.now);
  return getPerson(call, userId);
}

/** The attribute of the subject, which stays: the identity provider goes on asserting it. One that is left out is kept. */
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

function changesOf(call: ScimCall, user: UserRecord, to: MappedUser): UserChanges {
  const address = to.email?.address;
  return {
    profile: present({ ...user.profile, ...to.profile }),
    appMetadata: metadataOf(user.appMetadata, to),
    // A new address is vouched for by nobody; the same one keeps its voucher.
    ...(address !== undefined && address !== user.email && { email: address, emailVouchedBy: undefined }),
    updatedAt: call.now,
  };
}

async function deactivate(call: ScimCall, { user, identity, ...person }: ScimPerson): Promise<void> {
  const { users, scim } = call.directory;
  const { userId } = user;
  if (!isOwn({ identity, ...person })) {
    await scim.setInactive(userId, identity.id, true);
    await scim.endAccess(userId, identity.connectionId);
    return;
  }
  const isBlockedNow = await keepBreakGlass(call.directory, { userIds: [userId] }, () => scim.block(userId, call.now));
  // The operator blocked the account before: the directory's own word is kept beside that block, and does not end with it.
  if (!isBlockedNow) await scim.setInactive(userId, identity.id, true);
  await users.endSessions(userId, call.now);
}

async function setActive(call: ScimCall, person: ScimPerson, active: boolean): Promise<void> {
  if (!active) return deactivate(call, person);
  const { scim } = call.directory;
  if (person.identity.scimInactive) await scim.setInactive(person.user.userId, person.identity.id, false);
  // Takes back only a block that SCIM set: a person whom the operator blocked stays blocked, and is shown as inactive.
  if (isOwn(person)) await scim.unblock(person.user.userId, call.now);
}

async function save(call: ScimCall, person: ScimPerson, body: unknown): Promise<ScimPerson> {
  const before = toResource(person, call);
  const { active, ...parsed } = parseUser(body);
  const resource = keepSubject(call, person, before, parsed);
  const { identity, user } = person;
  const to = mapped(call, resource);
  // A bound identity keeps the claims of its last login.
  const claims = identity.status === 'expected' ? to.claims : undefined;
  await orNotUnique(call.directory.scim.saveResource(person, resource, claims));
  if (isOwn(person)) await call.directory.users.update(user.userId, changesOf(call, user, to));
  if (active !== undefined && active === isClosed(person)) await setActive(call, person, active);
  return getPerson(call, person.scimId);
}

/** PUT: the body is the person's data from now on. `active` stays where it is left out. */
export async function replacePerson(call: ScimCall, scimId: string, body: unknown, check: Check): Promise<ScimPerson> {
  const person = await getPerson(call, scimId, check);
  return save(call, person, body);
}

/** PATCH of RFC 7644 section 3.5.2. */
export async function patchPerson(call: ScimCall, scimId: string, body: unknown, check: Check): Promise<ScimPerson> {
  const person = await getPerson(call, scimId, check);
  return save(call, person, applyPatch({ ...toResource(person, call), active: !isClosed(person) }, body));
}

/** DELETE: the account where it is the connection's own, else the identity where SCIM made it. */
export async function deletePerson(call: ScimCall, scimId: string, check: Check): Promise<ScimPerson> {
  const person = await getPerson(call, scimId, check);
  const { users } = call.directory;
  const { userId } = person.user;
  if (isOwn(person)) {
    const removed = await keepBreakGlass(call.directory, { userIds: [userId] }, () => users.delete(userId));
    assert(removed, 'the account is locked in this transaction');
    return person;
  }
  if (person.identity.scimId === undefined)
    throw new ScimError(
      403,
      'This user was linked to an account by others, so SCIM cannot delete it. Send active: false instead.',
    );
  await users.deleteIdentity(userId, person.identity.id);
  return person;
}
