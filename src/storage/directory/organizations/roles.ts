/** Roles of the tenant. Tokens carry the names of a member's roles. */
import { type Kysely, type Selectable, sql } from 'kysely';
import { type ColumnsOf, toColumns, toSettings } from '../../../management/api/fields.js';
import { ROLE_FIELDS } from '../../../management/roles/fields.js';
import type { MemberDirectory, RoleRecord } from '../../../ports/directory/members.js';
import type { Database, RolesTable } from '../../schema/schema.js';
import { countIf, cutPage, toPage } from '../rows.js';

/** Converts a row of roles into the port's record. */
export function toRole(row: Selectable<RolesTable>): RoleRecord {
  return { ...toSettings(ROLE_FIELDS, row), id: row.id, createdAt: row.created_at };
}

type Roles = Pick<
  MemberDirectory,
  'listAllRoles' | 'findRole' | 'findRoles' | 'findRolesByName' | 'createRole' | 'updateRole' | 'deleteRole'
>;

/** Escapes a text for `like`, so that no character of it is a wildcard. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

const NOT_OF_OPERATORS = sql<boolean>`not exists (
  select 1 from operators p where roles.id in (p.owner_role_id, p.support_role_id, p.viewer_role_id))`;

/** Creates the methods for the tenant's roles. */
export function createRoles(db: Kysely<Database>): Roles {
  const find = async (id: string) => {
    const row = await db.selectFrom('roles').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toRole(row);
  };
  const findWhere = async (column: 'id' | 'name', values: readonly string[]) => {
    if (values.length === 0) return [];
    const rows = await db
      .selectFrom('roles')
      .selectAll()
      .where(column, 'in', [...values])
      .execute();
    return rows.map(toRole);
  };
  return {
    async listAllRoles(filter, page) {
      // Leaves out the operators' roles: a tool that makes a tenant equal to a file (such as Auth0's deploy-cli) would
      // delete them.
      let base = db.selectFrom('roles').where(NOT_OF_OPERATORS);
      if (filter.name !== undefined) base = base.where('name', 'ilike', `%${escapeLike(filter.name)}%`);
      const query = cutPage(base.selectAll(), page, sql.ref('created_at'), sql.ref('id'));
      const total = await countIf(page, base);
      return toPage(await query.execute(), page, total, toRole, (row) => ({ createdAt: row.page_time, id: row.id }));
    },
    findRole: find,
    findRoles: (ids) => findWhere('id', ids),
    findRolesByName: (names) => findWhere('name', names),
    async createRole(role) {
      await db
        .insertInto('roles')
        .values({
          ...(toColumns(ROLE_FIELDS, role) as ColumnsOf<typeof ROLE_FIELDS>),
          id: role.id,
          created_at: role.createdAt,
        })
        .execute();
    },
    async updateRole(id, changes) {
      const columns = toColumns(ROLE_FIELDS, changes);
      if (Object.keys(columns).length > 0) await db.updateTable('roles').set(columns).where('id', '=', id).execute();
      return find(id);
    },
    async deleteRole(id) {
      const result = await db.deleteFrom('roles').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
