/** `/organizations/{id}/members`: the members of an organization. */
import { shownProfile } from '../../domain/people/shown-profile.js';
import type { MemberRecord } from '../../ports/directory/members.js';
import { badBody, insufficientScope, notFound } from '../api/errors.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { listOf, present, replyOf } from '../api/wire.js';
import { getOrganization } from './organization-of-path.js';
import { keepWaysIn } from './ways-in.js';

function toMemberWire(member: MemberRecord, fields: string | undefined): Wire {
  const asked = (name: string) => fields?.split(',').some((field) => field.trim() === name) ?? false;
  const { name, picture } = shownProfile(member);
  return present({
    user_id: member.userId,
    picture,
    name,
    email: member.email,
    // Auth0 shows roles only when the request names the field.
    roles: asked('roles') ? member.roles.map((role) => ({ id: role.id, name: role.name })) : undefined,
    break_glass: asked('break_glass') ? member.breakGlass : undefined,
  });
}

const MAX_MEMBERS = 1_000;

function memberIds(call: Call): readonly string[] {
  const ids = [...new Set((call.body as { readonly members: readonly string[] }).members)];
  if (ids.length > MAX_MEMBERS)
    throw badBody(
      `Payload validation error: 'Array is too long (${ids.length}), maximum ${MAX_MEMBERS}' on property members.`,
    );
  return ids;
}

async function list(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const fields = typeof call.query.fields === 'string' ? call.query.fields : undefined;
  const needed = 'read:organization_member_roles';
  if (/(^|,)\s*roles\s*(,|$)/.test(fields ?? '') && !call.caller.scopes.has(needed)) throw insufficientScope([needed]);
  const page = await call.directory.members.list(organization.id, call.paging.request);
  return { page: { ...page, items: page.items.map((member) => toMemberWire(member, fields)) } };
}

async function add(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const ids = memberIds(call);
  const known = new Set(await call.directory.users.findExisting(ids));
  const unknown = ids.filter((id) => !known.has(id));
  if (unknown.length > 0)
    throw badBody(`One or more of the specified users do not exist: ${unknown.slice(0, 10).join(', ')}`);
  await call.directory.members.add(organization.id, ids, call.now);
  return {};
}

async function remove(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const ids = memberIds(call);
  await keepWaysIn(call.directory, { organizationId: organization.id }, () =>
    call.directory.members.remove(organization.id, ids, call.now),
  );
  return {};
}

async function setBreakGlass(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const userId = call.params.user_id ?? '';
  const breakGlass = (call.body as { readonly break_glass: boolean }).break_glass;
  const { members } = call.directory;
  const set = () => members.setBreakGlass(organization.id, userId, breakGlass);
  await (breakGlass ? set() : keepWaysIn(call.directory, { organizationId: organization.id }, set));
  const member = await members.find(organization.id, userId);
  if (member === undefined) throw notFound('The user is not a member of this organization.');
  return { body: toMemberWire(member, 'break_glass') };
}

const PROFILE = { picture: 'string', name: 'string', email: 'string' };

/** Returns the operations on `/organizations/{id}/members`. */
export function memberOperations(): Operation[] {
  const path = '/organizations/{id}/members';
  return [
    {
      method: 'get',
      path,
      summary: 'List the members of an organization',
      status: 200,
      reply: replyOf(
        { user_id: 'string' },
        { ...PROFILE, roles: listOf(replyOf({ id: 'string', name: 'string' })), break_glass: 'boolean' },
      ),
      list: { key: 'members', checkpoint: true, nextUntilEmpty: true },
      fields: true,
      refusals: [404],
      run: list,
    },
    { method: 'post', path, summary: 'Add members to an organization', status: 204, refusals: [404], run: add },
    {
      method: 'delete',
      path,
      summary: 'Remove members from an organization',
      status: 204,
      refusals: [404, 409],
      run: remove,
    },
    {
      method: 'patch',
      path: `${path}/{user_id}`,
      summary: 'Change how a member may sign in',
      status: 200,
      reply: replyOf({ user_id: 'string', break_glass: 'boolean' }, PROFILE),
      refusals: [404, 409],
      run: setBreakGlass,
    },
  ];
}
