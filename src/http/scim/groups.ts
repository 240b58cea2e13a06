/**
 * Changes of groups by a company's directory. A group grants nothing by itself: an administrator decides which roles an
 * organization gives for it, and which groups' members are admitted. Adds only people of the connection to a group;
 * creates no membership of an organization.
 */
import { newId } from '../../kernel/ids.js';
import type { ScimGroup, ScimGroupWithMembers, ScimMemberChange } from '../../ports/directory/scim-groups.js';
import { Conflict } from '../../ports/directory.js';
import { type ScimCall, type ScimDeps, scopeOf } from './deps.js';
import { badRequest, groupNotUnique, notFound } from './errors.js';
import { type GroupNames, parseGroup, parseGroupPatch } from './parse-group.js';

export interface WrittenGroup {
  readonly group: ScimGroup;
  /** Numbers of changed members, for the log. */
  readonly added: number;
  readonly removed: number;
  /** Names of the attributes that a PATCH names and a group does not store. */
  readonly ignored?: readonly string[];
}

/** Checks the version of the group before it is changed (the header If-Match). Throws 412. */
type Check = (group: ScimGroup) => void;

async function orNotUnique<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof Conflict ? groupNotUnique() : error;
  }
}

async function getGroup(call: ScimCall, id: string, check: Check): Promise<ScimGroup> {
  if (id.includes('\0')) throw notFound();
  const group = await call.directory.scim.findGroupForUpdate(scopeOf(call), id);
  if (group === undefined) throw notFound();
  check(group);
  return group;
}

async function changeMembers(call: ScimCall, groupId: string, change: ScimMemberChange) {
  const done = await call.directory.scim.changeMembers(scopeOf(call), groupId, change, call.now);
  if (done.unknown > 0)
    throw badRequest(
      'invalidValue',
      `${done.unknown} of the members are no users of this connection; create them first.`,
    );
  return done;
}

/** Creates a group. Throws 400 for a wrong body, and 409 when the group exists already. */
export async function createGroup(deps: ScimDeps, call: ScimCall, body: unknown): Promise<WrittenGroup> {
  const { displayName, externalId, members } = parseGroup(body);
  const id = newId(deps.entropy, 'grp');
  const group = { id, displayName, externalId: externalId ?? undefined, createdAt: call.now };
  await orNotUnique(call.directory.scim.createGroup(scopeOf(call), group));
  const { added, removed } = await changeMembers(call, id, { base: 'keep', add: members, remove: [] });
  return { group: await findGroup(call, id, 'without'), added, removed };
}

async function save(
  call: ScimCall,
  group: ScimGroup,
  names: GroupNames,
  members: ScimMemberChange,
): Promise<WrittenGroup> {
  const { added, removed } = await changeMembers(call, group.id, members);
  const after = {
    id: group.id,
    displayName: names.displayName ?? group.displayName,
    externalId: names.externalId === undefined ? group.externalId : (names.externalId ?? undefined),
  };
  const isSame = after.displayName === group.displayName && after.externalId === group.externalId;
  if (isSame && added === 0 && removed === 0) return { group, added, removed };
  return { group: await orNotUnique(call.directory.scim.saveGroup(after, call.now)), added, removed };
}

/**
 * Replaces the group by the body of a PUT. A body without external id keeps the stored one, because Okta does not send
 * it.
 */
export async function replaceGroup(call: ScimCall, id: string, body: unknown, check: Check): Promise<WrittenGroup> {
  const group = await getGroup(call, id, check);
  const { displayName, externalId, members } = parseGroup(body);
  const names = { displayName, ...(externalId !== null && { externalId }) };
  return save(call, group, names, { base: 'none', add: members, remove: [] });
}

/** Applies a PATCH to a group (RFC 7644 section 3.5.2). */
export async function patchGroup(call: ScimCall, id: string, body: unknown, check: Check): Promise<WrittenGroup> {
  const group = await getGroup(call, id, check);
  const { members, ignored, ...names } = parseGroupPatch(body);
  return { ...(await save(call, group, names, members)), ignored };
}

/** Deletes a group. Roles that people had through it are removed, and it admits nobody any more; memberships stay. */
export async function deleteGroup(call: ScimCall, id: string, check: Check): Promise<WrittenGroup> {
  const group = await getGroup(call, id, check);
  await call.directory.scim.deleteGroup(group.id);
  return { group, added: 0, removed: 0 };
}

/** Finds one group. Throws 404. */
export async function findGroup(
  call: Pick<ScimCall, 'connection' | 'configuration' | 'token' | 'directory'>,
  id: string,
  members: 'with' | 'without',
): Promise<ScimGroupWithMembers> {
  if (id.includes('\0')) throw notFound();
  const group = await call.directory.scim.findGroup(scopeOf(call), id, members);
  if (group === undefined) throw notFound();
  return group;
}
