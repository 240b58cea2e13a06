/** Permissions of roles and of users, and users' roles in the tenant as a whole. Decides nothing about tokens. */
import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type {
  PermissionDirectory,
  PermissionKey,
  PermissionRecord,
  RoleHolder,
  UserPermissionRecord,
} from '../../../ports/directory/permissions.js';
import type { Page, PageRequest } from '../../../ports/directory.js';
import type { Database, RolesTable } from '../../schema/schema.js';
import { countIf, cutPage, orUndefined, toPage } from '../rows.js';
import { toRole } from './roles.js';

interface Row {
  readonly permission: string;
  readonly description: string | null;
  readonly identifier: string;
  readonly api_name: string | null;
}

interface UserRow extends Row {
  readonly direct: boolean;
  readonly roles: readonly { readonly id: string; readonly name: string }[] | null;
}

function toPermission(row: Row): PermissionRecord {
  return {
    name: row.permission,
    description: orUndefined(row.description),
    apiIdentifier: row.identifier,
    apiName: orUndefined(row.api_name),
  };
}

/**
 * Returns one page of the permissions that the SQL `held` selects (with resource_server_id and permission), ordered by
 * API and name. Takes the description from the scope of the API.
 */
async function listPermissions<Found extends Row, Item>(
  db: Kysely<Database>,
  held: RawBuilder<unknown>,
  page: PageRequest,
  toItem: (row: Found) => Item,
): Promise<Page<Item>> {
  const { rows } = await sql<Found>`
    select p.*, a.identifier, a.name as api_name,
      (select s ->> 'description' from jsonb_array_elements(a.scopes) s where s ->> 'value' = p.permission limit 1) as description
    from (${held}) p join resource_servers a on a.id = p.resource_server_id
    order by a.identifier, p.permission offset ${page.offset ?? 0} limit ${page.limit}`.execute(db);
  const items = rows.map(toItem);
  if (page.count !== true) return { items };
  const counted = await sql<{ total: string }>`select count(*) as total from (${held}) p`.execute(db);
  return { items, total: Number(counted.rows[0]?.total ?? 0) };
}

const OF_ROLE = (roleId: string) =>
  sql`select resource_server_id, permission from role_permissions where role_id = ${roleId}`;

const OF_USER = (userId: string) => sql`
  select x.resource_server_id, x.permission, bool_or(x.role_id is null) as direct,
    jsonb_agg(jsonb_build_object('id', x.role_id, 'name', x.role_name) order by x.role_name) filter (where x.role_id is not null) as roles
  from (
    select resource_server_id, permission, null::text as role_id, null::text as role_name from user_permissions where user_id = ${userId}
    union all
    select k.resource_server_id, k.permission, r.id, r.name from user_roles h
    join roles r on r.id = h.role_id join role_permissions k on k.role_id = r.id where h.user_id = ${userId}
  ) x group by x.resource_server_id, x.permission`;

/** Narrows `held` to one API, or to one permission of it. */
function ofApi(held: RawBuilder<unknown>, of: { readonly api: string; readonly name?: string } | undefined) {
  if (of === undefined) return held;
  const isNamed = of.name === undefined ? sql`true` : sql`y.permission = ${of.name}`;
  return sql`select y.* from (${held}) y
    where y.resource_server_id = (select id from resource_servers where identifier = ${of.api}) and ${isNamed}`;
}

/** Returns `permissions` as rows of two parallel arrays, sorted so that two writers cannot deadlock. */
function pairs(permissions: readonly PermissionKey[]): RawBuilder<unknown> {
  const sorted = [...permissions].sort((a, b) => (`${a.apiId} ${a.name}` < `${b.apiId} ${b.name}` ? -1 : 1));
  return sql`unnest(${sorted.map((item) => item.apiId)}::text[], ${sorted.map((item) => item.name)}::text[]) as x (api, name)`;
}

type Holder = { readonly table: 'role_permissions' | 'user_permissions'; readonly key: 'role_id' | 'user_id' };
const ROLE: Holder = { table: 'role_permissions', key: 'role_id' };
const USER: Holder = { table: 'user_permissions', key: 'user_id' };

async function add(db: Kysely<Database>, { table, key }: Holder, id: string, permissions: readonly PermissionKey[]) {
  await sql`insert into ${sql.table(table)} (${sql.ref(key)}, resource_server_id, permission)
    select ${id}, x.api, x.name from ${pairs(permissions)} on conflict do nothing`.execute(db);
}

async function remove(db: Kysely<Database>, { table, key }: Holder, id: string, permissions: readonly PermissionKey[]) {
  await sql`delete from ${sql.table(table)} p using ${pairs(permissions)}
    where p.${sql.ref(key)} = ${id} and p.resource_server_id = x.api and p.permission = x.name`.execute(db);
}

/**
 * Removes scopes that an API no longer has from the roles and users that hold them. `kept` lists the scopes that it
 * still has.
 */
export async function dropPermissionsExcept(db: Kysely<Database>, apiId: string, kept: readonly string[]) {
  for (const { table } of [ROLE, USER])
    await sql`delete from ${sql.table(table)} where resource_server_id = ${apiId} and permission <> all (${kept}::text[])`.execute(
      db,
    );
}

function createRolesOfPeople(db: Kysely<Database>) {
  const rolesOf = (userId: string) =>
    db
      .selectFrom('user_roles')
      .innerJoin('roles', 'roles.id', 'user_roles.role_id')
      .where('user_roles.user_id', '=', userId);
  return {
    async listRolesOf(userId: string, page: PageRequest) {
      const query = cutPage(rolesOf(userId).selectAll('roles'), page, sql.ref('roles.created_at'), sql.ref('roles.id'));
      const total = await countIf(page, rolesOf(userId));
      return toPage(
        await query.execute(),
        page,
        total,
        (row: Selectable<RolesTable>) => toRole(row),
        (row) => ({ createdAt: row.page_time, id: row.id }),
      );
    },
    async countRolesOf(userId: string) {
      return (await countIf({ limit: 0, count: true }, rolesOf(userId))) ?? 0;
    },
    async addRolesTo(userId: string, roleIds: readonly string[], at: Date) {
      if (roleIds.length === 0) return;
      await db
        .insertInto('user_roles')
        .values([...roleIds].sort().map((roleId) => ({ user_id: userId, role_id: roleId, created_at: at })))
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async removeRolesFrom(userId: string, roleIds: readonly string[]) {
      if (roleIds.length === 0) return;
      await db
        .deleteFrom('user_roles')
        .where('user_id', '=', userId)
        .where('role_id', 'in', [...roleIds])
        .execute();
    },
    async listHolders(roleId: string, page: PageRequest): Promise<Page<RoleHolder>> {
      const base = db
        .selectFrom('user_roles')
        .innerJoin('users', 'users.user_id', 'user_roles.user_id')
        .where('user_roles.role_id', '=', roleId);
      const chosen = base.select(['users.user_id', 'users.email', 'users.name', 'users.picture']);
      const query = cutPage(chosen, page, sql.ref('user_roles.created_at'), sql.ref('user_roles.user_id'));
      const total = await countIf(page, base);
      return toPage(
        await query.execute(),
        page,
        total,
        (row): RoleHolder => ({
          userId: row.user_id,
          email: orUndefined(row.email),
          name: orUndefined(row.name),
          picture: orUndefined(row.picture),
        }),
        (row) => ({ createdAt: row.page_time, id: row.user_id }),
      );
    },
  };
}

/** Returns the directory of permissions, and of roles in the tenant as a whole. */
export function createPermissionDirectory(db: Kysely<Database>): PermissionDirectory {
  return {
    ...createRolesOfPeople(db),
    listOfRole: (roleId, page) => listPermissions<Row, PermissionRecord>(db, OF_ROLE(roleId), page, toPermission),
    addToRole: (roleId, permissions) => add(db, ROLE, roleId, permissions),
    removeFromRole: (roleId, permissions) => remove(db, ROLE, roleId, permissions),
    listOfUser: (userId, page, of) =>
      listPermissions<UserRow, UserPermissionRecord>(db, ofApi(OF_USER(userId), of), page, (row) => ({
        ...toPermission(row),
        isDirect: row.direct,
        roles: row.roles ?? [],
      })),
    addToUser: (userId, permissions) => add(db, USER, userId, permissions),
    removeFromUser: (userId, permissions) => remove(db, USER, userId, permissions),
  };
}
