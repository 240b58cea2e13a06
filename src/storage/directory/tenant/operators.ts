/** Operators of the tenant. Reads the rows that their tokens and writes depend on; decides nothing. */
import { type Kysely, sql } from 'kysely';
import type { OperatorRole } from '../../../domain/operator-role.js';
import type { OperatorAccess, OperatorDirectory } from '../../../ports/directory/operators.js';
import { prepare, runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';
import { groupRoles } from '../../scim-group-roles.js';
import { orUndefined } from '../rows.js';

/**
 * The operator's account and scopes. Parameters: $1 user, $2 organization, $3 client, $4 audience. Reads every table by
 * its key.
 */
const ACCESS = prepare(
  'operator-standing',
  `select u.email, u.name, array(
      select k.permission
      from (
        select h.role_id from member_roles h where h.organization_id = m.organization_id and h.user_id = m.user_id
        union
        select h.role_id from (${groupRoles('m.user_id', 'm.organization_id')}) h
      ) r
      join role_permissions k on k.role_id = r.role_id and k.resource_server_id = a.id
      where k.permission = any (w.scopes)
    ) as scopes
  from operators p
  join organizations o on o.id = p.organization_id and not o.blocked
  join members m on m.organization_id = p.organization_id and m.user_id = $1::text
  join users u on u.user_id = m.user_id and not u.blocked
  join resource_servers a on a.identifier = $4::text
  join client_grants w on w.client_id = $3::text and w.audience = a.identifier and w.subject_type = 'user'
  where p.organization_id = $2::text`,
);

/**
 * Locks the rows that the operator's scopes depend on ($1 user, $2 organization). Roles are locked first, so that
 * {@link HOLD_ACCESS} then reads only the roles that remain.
 */
const HOLD_ROLES = prepare(
  'operator-hold-roles',
  'select 1 from member_roles where user_id = $1::text and organization_id = $2::text for share',
);
const HOLD_ACCESS = prepare('operator-hold-standing', `${ACCESS.text} for share of o, m, u, w`);

interface AccessRow {
  readonly email: string | null;
  readonly name: string | null;
  readonly scopes: readonly string[];
}

function toAccess(row: AccessRow): OperatorAccess {
  return { email: orUndefined(row.email), name: orUndefined(row.name), scopes: [...new Set(row.scopes)] };
}

interface ListRow {
  readonly user_id: string;
  readonly email: string | null;
  readonly role: OperatorRole | null;
}

const LIST = sql<ListRow>`
  select m.user_id, u.email, (
      select x.role from (values (p.owner_role_id, 'owner', 1), (p.support_role_id, 'support', 2), (p.viewer_role_id, 'viewer', 3)) x (id, role, place)
      join member_roles r on r.organization_id = m.organization_id and r.user_id = m.user_id and r.role_id = x.id
      order by x.place limit 1) as role
  from operators p join members m on m.organization_id = p.organization_id join users u on u.user_id = m.user_id
  order by m.created_at, m.user_id`;

const HAS_OWNER = sql`
  select 1 from operators p
  join member_roles r on r.organization_id = p.organization_id and r.role_id = p.owner_role_id limit 1`;

const HAS_PEOPLE = sql`
  select 1 from operators p
  where exists (select 1 from members m where m.organization_id = p.organization_id)
    or exists (select 1 from invitations i where i.organization_id = p.organization_id)
    or exists (select 1 from identities d where d.connection_id = p.connection_id)`;

/** Creates the directory of operators. */
export function createOperatorDirectory(db: Kysely<Database>): OperatorDirectory {
  return {
    async find() {
      const row = await db.selectFrom('operators').selectAll().executeTakeFirst();
      return (
        row && {
          organizationId: row.organization_id,
          connectionId: row.connection_id,
          clientId: row.client_id,
          roleIds: { owner: row.owner_role_id, support: row.support_role_id, viewer: row.viewer_role_id },
        }
      );
    },
    async create({ organizationId, connectionId, clientId, roleIds }) {
      await db
        .insertInto('operators')
        .values({
          organization_id: organizationId,
          connection_id: connectionId,
          client_id: clientId,
          owner_role_id: roleIds.owner,
          support_role_id: roleIds.support,
          viewer_role_id: roleIds.viewer,
        })
        .execute();
    },
    async setPermissions(roleId, apiId, scopes) {
      await sql`delete from role_permissions
        where role_id = ${roleId} and (resource_server_id <> ${apiId} or permission <> all (${[...scopes]}::text[]))`.execute(
        db,
      );
      await sql`insert into role_permissions (role_id, resource_server_id, permission)
        select ${roleId}, ${apiId}, x from unnest(${[...scopes].sort()}::text[]) x on conflict do nothing`.execute(db);
    },
    async findAccess({ userId, organizationId, clientId, audience }) {
      const [row] = await runPrepared<AccessRow>(db, ACCESS, [userId, organizationId, clientId, audience]);
      return row && toAccess(row);
    },
    async holdAccess({ userId, organizationId, clientId, audience }) {
      await runPrepared(db, HOLD_ROLES, [userId, organizationId]);
      const [row] = await runPrepared<AccessRow>(db, HOLD_ACCESS, [userId, organizationId, clientId, audience]);
      return row && toAccess(row);
    },
    async concerns({ organizationIds, userIds, connectionIds, connectionNames, clientIds }, audience) {
      const { rows } = await sql<{ found: boolean }>`
        select p.organization_id = any (${[...organizationIds]}::text[])
          or exists (select 1 from members m
            where m.organization_id = p.organization_id and m.user_id = any (${[...userIds]}::text[]))
          or exists (select 1 from identities i
            where i.connection_id = p.connection_id and i.user_id = any (${[...userIds]}::text[]))
          or exists (select 1 from organization_connections e
            where e.organization_id = p.organization_id and e.connection_id = any (${[...connectionIds]}::text[]))
          or exists (select 1 from connections n where n.id = p.connection_id and n.name = any (${[...connectionNames]}::text[]))
          or exists (select 1 from client_grants g
            where g.client_id = any (${[...clientIds]}::text[]) and g.audience = ${audience} and g.subject_type = 'user') as found
        from operators p`.execute(db);
      return rows[0]?.found === true;
    },
    async list() {
      const { rows } = await LIST.execute(db);
      return rows.map((row) => ({ userId: row.user_id, email: orUndefined(row.email), role: orUndefined(row.role) }));
    },
    async hasPeople() {
      return (await HAS_PEOPLE.execute(db)).rows.length > 0;
    },
    async hasOwner() {
      return (await HAS_OWNER.execute(db)).rows.length > 0;
    },
  };
}
