/**
 * Members of organizations and their roles there. Removing a member also revokes their codes and refresh tokens for the
 * organization.
 */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { EffectiveRole, MemberDirectory, MemberRecord, RoleRecord } from '../../../ports/directory/members.js';
import type { PageRequest } from '../../../ports/directory.js';
import type { Database, MembersTable, RolesTable, UsersTable } from '../../schema/schema.js';
import { groupRoles } from '../../scim-group-roles.js';
import { createWaysIn } from '../people/ways-in.js';
import { countIf, cutPage, orUndefined, toPage } from '../rows.js';
import { toOrganization } from './organizations.js';
import { createRoles, toRole } from './roles.js';

/** Columns of the account that a member's record has. Its times get names of their own: a membership has them, too. */
const ACCOUNT = [
  'users.email',
  'users.name',
  'users.picture',
  'users.given_name',
  'users.family_name',
  'users.nickname',
  'users.phone_number',
  'users.created_at as account_created_at',
  'users.updated_at as account_updated_at',
] as const;

type Profile = 'email' | 'name' | 'picture' | 'given_name' | 'family_name' | 'nickname';

interface Row extends Selectable<MembersTable>, Pick<Selectable<UsersTable>, Profile | 'phone_number'> {
  readonly account_created_at: Date;
  readonly account_updated_at: Date;
}

function toMember(row: Row, roles: readonly RoleRecord[]): MemberRecord {
  return {
    userId: row.user_id,
    email: orUndefined(row.email),
    profile: {
      ...(row.name !== null && { name: row.name }),
      ...(row.picture !== null && { picture: row.picture }),
      ...(row.given_name !== null && { givenName: row.given_name }),
      ...(row.family_name !== null && { familyName: row.family_name }),
      ...(row.nickname !== null && { nickname: row.nickname }),
    },
    account: {
      phoneNumber: orUndefined(row.phone_number),
      createdAt: row.account_created_at,
      updatedAt: row.account_updated_at,
    },
    lastLoginAt: orUndefined(row.last_login_at),
    breakGlass: row.break_glass,
    roles,
    createdAt: row.created_at,
  };
}

async function loadRoles(db: Kysely<Database>, organizationId: string, userIds: readonly string[]) {
  const found = new Map<string, RoleRecord[]>(userIds.map((userId) => [userId, []]));
  if (userIds.length === 0) return found;
  const rows = await db
    .selectFrom('member_roles')
    .innerJoin('roles', 'roles.id', 'member_roles.role_id')
    .selectAll('roles')
    .select('member_roles.user_id')
    .where('member_roles.organization_id', '=', organizationId)
    .where('member_roles.user_id', 'in', [...userIds])
    .orderBy('roles.name')
    .execute();
  for (const row of rows) found.get(row.user_id)?.push(toRole(row));
  return found;
}

interface EffectiveRow extends Selectable<RolesTable> {
  readonly assigned: boolean;
  readonly groups: readonly string[] | null;
  readonly page_time: string;
}

/** Implements {@link MemberDirectory.listEffectiveRoles}. */
async function listEffectiveRoles(db: Kysely<Database>, organizationId: string, userId: string, page: PageRequest) {
  const given = sql<EffectiveRow>`(
    select n.*, bool_or(x.group_name is null) as assigned,
      array_agg(distinct x.group_name order by x.group_name) filter (where x.group_name is not null) as groups
    from (
      select k.role_id, null::text as group_name from member_roles k
      where k.organization_id = ${organizationId} and k.user_id = ${userId}
      union all
      select g.role_id, g.group_name from members m
      cross join lateral (${sql.raw(groupRoles('m.user_id', 'm.organization_id'))}) g
      where m.organization_id = ${organizationId} and m.user_id = ${userId}
    ) x join roles n on n.id = x.role_id group by n.id)`;
  const after =
    page.after && sql`(r.created_at, r.id) > (${page.after.createdAt}::timestamptz, ${page.after.id}::text)`;
  const { rows } =
    await sql<EffectiveRow>`select r.*, to_json(r.created_at) #>> '{}' as page_time from ${given} r where ${after ?? sql`true`}
    order by r.created_at, r.id offset ${page.offset ?? 0} limit ${page.limit + 1}`.execute(db);
  return toPage(
    rows,
    page,
    undefined,
    (row): EffectiveRole => ({ ...toRole(row), isAssigned: row.assigned, groups: row.groups ?? [] }),
    (row) => ({ createdAt: row.page_time, id: row.id }),
  );
}

/** Methods for the roles of one member and the organizations of one user. */
function createMemberRoles(db: Kysely<Database>) {
  return {
    async listRoles(organizationId: string, userId: string, page: PageRequest) {
      const base = db
        .selectFrom('member_roles')
        .innerJoin('roles', 'roles.id', 'member_roles.role_id')
        .where('member_roles.organization_id', '=', organizationId)
        .where('member_roles.user_id', '=', userId);
      const query = cutPage(base.selectAll('roles'), page, sql.ref('roles.created_at'), sql.ref('roles.id'));
      const total = await countIf(page, base);
      return toPage(await query.execute(), page, total, toRole, (row) => ({ createdAt: row.page_time, id: row.id }));
    },
    listEffectiveRoles: (organizationId: string, userId: string, page: PageRequest) =>
      listEffectiveRoles(db, organizationId, userId, page),
    async addRoles(organizationId: string, userId: string, roleIds: readonly string[]) {
      if (roleIds.length === 0) return;
      // Only for the operators' organization: waits for a write that is removing this person's identities. That write
      // has locked the user and found that they are no owner, which must stay true until it commits.
      await sql`select 1 from users where user_id = ${userId}
        and exists (select 1 from operators where organization_id = ${organizationId}) for share`.execute(db);
      await db
        .insertInto('member_roles')
        .values(
          [...roleIds].sort().map((roleId) => ({ organization_id: organizationId, user_id: userId, role_id: roleId })),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async removeRoles(organizationId: string, userId: string, roleIds: readonly string[]) {
      if (roleIds.length === 0) return;
      await db
        .deleteFrom('member_roles')
        .where('organization_id', '=', organizationId)
        .where('user_id', '=', userId)
        .where('role_id', 'in', [...roleIds])
        .execute();
    },
    async listOrganizationsOf(userId: string, page: PageRequest) {
      const base = db
        .selectFrom('members')
        .innerJoin('organizations', 'organizations.id', 'members.organization_id')
        .where('members.user_id', '=', userId);
      const query = cutPage(
        base.selectAll('organizations'),
        page,
        sql.ref('organizations.created_at'),
        sql.ref('organizations.id'),
      );
      const total = await countIf(page, base);
      return toPage(await query.execute(), page, total, toOrganization, (row) => ({
        createdAt: row.page_time,
        id: row.id,
      }));
    },
  };
}

/** Implements {@link MemberDirectory.add}. */
async function addMembers(
  db: Kysely<Database>,
  organizationId: string,
  userIds: readonly string[],
  at: Date,
): Promise<void> {
  const ids = [...new Set(userIds)].sort();
  // Attack: the directory of a customer's connection blocks or deletes an account that no other organization has, at the
  // moment when another one takes it in (ADR 0105). It holds the account while it reads memberships and writes, so one
  // of the two waits. The insert alone does not wait, since a foreign key locks the account's key only.
  await sql`select 1 from users where user_id = any(${ids}::text[]) order by user_id for share`.execute(db);
  await db
    .insertInto('members')
    .values(
      ids.map((userId) => ({
        organization_id: organizationId,
        user_id: userId,
        via: 'management' as const,
        created_at: at,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Creates the directory of members of organizations. */
export function createMemberDirectory(db: Kysely<Database>): MemberDirectory {
  const of = (organizationId: string) =>
    db
      .selectFrom('members')
      .innerJoin('users', 'users.user_id', 'members.user_id')
      .where('members.organization_id', '=', organizationId);
  const find = async (organizationId: string, userId: string) => {
    const row = await of(organizationId)
      .selectAll('members')
      .select(ACCOUNT)
      .where('members.user_id', '=', userId)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    return toMember(row, (await loadRoles(db, organizationId, [userId])).get(userId) ?? []);
  };
  return {
    ...createRoles(db),
    ...createMemberRoles(db),
    ...createWaysIn(db),
    async list(organizationId, page) {
      const rows = await cutPage(
        of(organizationId).selectAll('members').select(ACCOUNT),
        page,
        sql.ref('members.created_at'),
        sql.ref('members.user_id'),
      ).execute();
      const total = await countIf(page, db.selectFrom('members').where('organization_id', '=', organizationId));
      const roles = await loadRoles(
        db,
        organizationId,
        rows.map((row) => row.user_id),
      );
      const toItem = (row: Row) => toMember(row, roles.get(row.user_id) ?? []);
      return toPage(rows, page, total, toItem, (row) => ({ createdAt: row.page_time, id: row.user_id }));
    },
    find,
    add: (organizationId, userIds, at) => addMembers(db, organizationId, userIds, at),
    async remove(organizationId, userIds, at) {
      await db
        .deleteFrom('members')
        .where('organization_id', '=', organizationId)
        .where('user_id', 'in', [...userIds])
        .execute();
      // Attack: a stolen refresh token outlives the membership. Deletes codes first: this statement waits for an
      // exchange in progress, which has locked its code. The next statement then finds the refresh token of that
      // exchange. The Auth0 double recognizes that statement by its text (src/double/pool-views.ts) and leaves it out,
      // so it must stay a statement of its own.
      await db
        .deleteFrom('authorization_codes')
        .where('organization_id', '=', organizationId)
        .where('user_id', 'in', [...userIds])
        .where('used_at', 'is', null)
        .execute();
      await db
        .updateTable('refresh_tokens')
        .set({ revoked_at: at })
        .where('organization_id', '=', organizationId)
        .where('user_id', 'in', [...userIds])
        .where('revoked_at', 'is', null)
        .execute();
    },
  };
}
