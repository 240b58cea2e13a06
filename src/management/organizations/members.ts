/** `/organizations/{id}/members`: the members of an organization. */
import type { UserProfile } from '../../domain/people/account.js';
import { shownProfile } from '../../domain/people/shown-profile.js';
import type { MemberRecord } from '../../ports/directory/members.js';
import { badBody, insufficientScope, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, type Rows, replyOf, viewOf } from '../api/wire.js';
import { getOrganization } from './organization-of-path.js';
import { keepWaysIn } from './ways-in.js';

/** A member with the profile that answers show. */
interface ShownMember extends MemberRecord, Pick<UserProfile, 'name' | 'picture'> {}

interface ListedMember extends ShownMember {
  /** The fields that the request's `fields` names. */
  readonly asked: readonly string[];
}

const PROFILE: Rows<ShownMember> = {
  user_id: ['string', ({ userId }) => userId],
  'picture?': ['string', ({ picture }) => picture],
  'name?': ['string', ({ name }) => name],
  'email?': ['string', ({ email }) => email],
};
const MEMBER = viewOf<ShownMember>({ ...PROFILE, break_glass: ['boolean', ({ breakGlass }) => breakGlass] });
/** A member in a list. As on Auth0, roles are shown only when the request's `fields` names them. */
const LISTED = viewOf<ListedMember>({
  ...PROFILE,
  'roles?': [
    listOf(replyOf({ id: 'string', name: 'string' })),
    ({ roles, asked }) => (asked.includes('roles') ? roles.map(({ id, name }) => ({ id, name })) : undefined),
  ],
  'break_glass?': ['boolean', ({ breakGlass, asked }) => (asked.includes('break_glass') ? breakGlass : undefined)],
});

const toShown = (member: MemberRecord): ShownMember => ({ ...shownProfile(member), ...member });

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
  const { fields } = call.query;
  const asked = typeof fields === 'string' ? fields.split(',').map((field) => field.trim()) : [];
  const needed = 'read:organization_member_roles';
  if (asked.includes('roles') && !call.caller.scopes.has(needed)) throw insufficientScope([needed]);
  const page = await call.directory.members.list(organization.id, call.paging.request);
  return { page: { ...page, items: page.items.map((member) => LISTED.show({ ...toShown(member), asked })) } };
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
  return { body: MEMBER.show(toShown(member)) };
}

/** Returns the operations on `/organizations/{id}/members`. */
export function memberOperations(): Operation[] {
  const path = '/organizations/{id}/members';
  return [
    {
      method: 'get',
      path,
      summary: 'List the members of an organization',
      reply: LISTED.schema,
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
      refusals: [404, 409],
      run: remove,
    },
    {
      method: 'patch',
      path: `${path}/{user_id}`,
      summary: 'Change how a member may sign in',
      reply: MEMBER.schema,
      refusals: [404, 409],
      run: setBreakGlass,
    },
  ];
}
