/** Reads the rights of members at the My Organization API, and the roles that they may give. Decides nothing. */
import { type Kysely, sql } from 'kysely';
import { firstLogId } from '../../../kernel/ids.js';
import type {
  MyOrganizationDirectory,
  OrganizationAccess,
  UnusableAnswer,
} from '../../../ports/directory/my-organization.js';
import { prepare, runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';
import { groupRoles } from '../../scim-group-roles.js';
import { grantedScopes } from '../../tokens/permitted.js';
import { cutPage, escapeLike, orUndefined, toPage } from '../rows.js';
import { toRole } from './roles.js';

/** Returns SQL for the roles of a member, those of groups too: SQL expressions of user and organization. */
export const rolesIn = (user: string, organization: string) => `
      select h.role_id from member_roles h where h.organization_id = ${organization} and h.user_id = ${user}
      union
      select h.role_id from (${groupRoles(user, organization)}) h`;

/**
 * Returns SQL for the permissions of a member at an API: SQL expressions of user, organization and API, which may not
 * use the aliases r, k, p, h and g. `offset 0`: without statistics a join would read all permissions of all roles.
 */
export const heldIn = (user: string, organization: string, api: string) => `array(
    select k.permission from (${rolesIn(user, organization)}) r
    cross join lateral (select p.permission from role_permissions p
      where p.role_id = r.role_id and p.resource_server_id = ${api} offset 0) k
    group by k.permission order by k.permission)`;

/**
 * Returns an SQL condition: the user `u` is not blocked, and has an identity with which the organization, an SQL
 * expression, still lets people sign in. (No EXISTS: without statistics it would be answered by a walk through the table.)
 */
export const canSignIn = (organization: string) => `not u.blocked and coalesce((select true from identities d
    join organization_connections e on e.organization_id = ${organization} and e.connection_id = d.connection_id and e.is_enabled
    where d.user_id = u.user_id and d.status = 'bound' and not d.scim_inactive limit 1), false)`;
const CAN_SIGN_IN = canSignIn('o.id');

/**
 * The member's rights. Parameters: $1 user, $2 organization, $3 client, $4 audience. Reads every table by its key. The
 * operators' organization is never found: its members have the Management API.
 */
const ACCESS = prepare(
  'my-organization-access',
  `select u.email, u.name, ${heldIn('m.user_id', 'm.organization_id', 'a.id')} as permissions,
    ${grantedScopes('w')} as client_scopes, c.web_origins, c.callbacks,
    c.extra -> 'my_organization_configuration' as configuration
  from organizations o
  join members m on m.organization_id = o.id and m.user_id = $1::text
  join users u on u.user_id = m.user_id and ${CAN_SIGN_IN}
  join clients c on c.client_id = $3::text and c.organization_usage <> 'deny'
    and (not o.is_app_entitlement_active or exists (select 1 from organization_clients x
      where x.organization_id = o.id and x.client_id = c.client_id and x.use_for_member_access))
  join resource_servers a on a.identifier = $4::text and a.user_policy = 'require_client_grant'
  join client_grants w on w.client_id = c.client_id and w.audience = a.identifier and w.subject_type = 'user'
  where o.id = $2::text and not o.blocked and not exists (select 1 from operators p where p.organization_id = o.id)`,
);

/**
 * Makes the writes of one organization wait for each other, by a lock that no login takes. With the organization's row
 * in its place, logins would wait for every write, while they hold the connection's settings that a removal locks next:
 * a deadlock.
 */
const HOLD_ORGANIZATION = prepare(
  'my-organization-hold',
  "select pg_advisory_xact_lock(hashtextextended('my-organization ' || $1::text, 0))",
);
/** Locks as for operators (tenant/operators.ts): roles first, so that the statement after it reads those that remain. */
const HOLD_ROLES = prepare(
  'my-organization-hold-roles',
  'select 1 from member_roles where user_id = $1::text and organization_id = $2::text for share',
);
const HOLD_ACCESS = prepare('my-organization-hold-access', `${ACCESS.text} for share of o, m, u, c, w`);

interface Row {
  readonly email: string | null;
  readonly name: string | null;
  readonly permissions: readonly string[];
  readonly client_scopes: readonly string[];
  readonly web_origins: readonly string[];
  readonly callbacks: readonly string[];
  readonly configuration: Readonly<Record<string, unknown>> | null;
}

const toAccess = (row: Row): OrganizationAccess => ({
  email: orUndefined(row.email),
  name: orUndefined(row.name),
  permissions: row.permissions,
  clientScopes: row.client_scopes,
  webOrigins: row.web_origins,
  callbacks: row.callbacks,
  configuration: orUndefined(row.configuration),
});

/** Implements {@link MyOrganizationDirectory.findPeopleOf}. */
async function findPeopleOf(db: Kysely<Database>, connectionId: string, organizationId: string) {
  // Attack: another organization takes one of them in between this read and the deletion of the accounts. A write that
  // adds a member (members.ts) waits for this lock, and this lock waits for a member that is being added.
  await sql`select 1 from users where user_id in (select user_id from identities where connection_id = ${connectionId})
    order by user_id for no key update`.execute(db);
  const { rows } = await sql<{ any: boolean; elsewhere: boolean }>`
    select exists (select 1 from identities d where d.connection_id = ${connectionId}) as any,
      exists (select 1 from identities d join members m on m.user_id = d.user_id and m.organization_id <> ${organizationId}
        where d.connection_id = ${connectionId} and (d.status = 'bound' or d.is_primary)
          and not exists (select 1 from identities other where other.user_id = d.user_id
            and other.connection_id <> ${connectionId} and (other.status = 'bound' or other.is_primary))) as elsewhere`.execute(
    db,
  );
  return rows[0] ?? { any: false, elsewhere: false };
}

/**
 * The last sign-in through each connection, if the provider's answer was refused there. Parameters: $1 organization, $2 the
 * first log id of the time that counts (log ids begin with their time), $3 connections. Reads the log by its primary key;
 * the limit bounds what an organization with many sign-ins costs.
 */
const UNUSABLE_ANSWERS = prepare(
  'my-organization-unusable-answers',
  `select last.connection_id, last.date, last.details ->> 'code' as code, proof -> 'evidence' ->> 'check' as check,
    proof -> 'evidence' ->> 'detail' as detail
  from (select distinct on (n.connection_id) n.connection_id, n.date, n.details from (
      select l.connection_id, l.log_id, l.date, l.type, l.details from logs l
      where l.organization_id = $1::text and l.log_id >= $2::text order by l.log_id desc limit 500) n
    where n.connection_id = any ($3::text[]) and (n.type = 's' or n.details ? 'code')
    order by n.connection_id, n.log_id desc) last
  cross join lateral (select t as proof from jsonb_array_elements(last.details -> 'trace') t
    where t ->> 'rule' = 'protocol_proof' and t ->> 'answer' = 'refuse' limit 1) p
  where last.details ->> 'code' like 'authenticate.idp_%'`,
);

/** Implements {@link MyOrganizationDirectory.listUnusableAnswers}. */
async function listUnusableAnswers(
  db: Kysely<Database>,
  organizationId: string,
  connectionIds: readonly string[],
  since: Date,
): Promise<readonly UnusableAnswer[]> {
  if (connectionIds.length === 0) return [];
  const rows = await runPrepared<Omit<UnusableAnswer, 'connectionId' | 'at'> & { connection_id: string; date: Date }>(
    db,
    UNUSABLE_ANSWERS,
    [organizationId, firstLogId(since), connectionIds],
  );
  return rows.map(({ connection_id, date, ...row }) => ({ connectionId: connection_id, at: date, ...row }));
}

/** Creates the directory of the My Organization API. */
export function createMyOrganizationDirectory(db: Kysely<Database>): MyOrganizationDirectory {
  return {
    async findAccess({ userId, organizationId, clientId, audience }) {
      const [row] = await runPrepared<Row>(db, ACCESS, [userId, organizationId, clientId, audience]);
      return row && toAccess(row);
    },
    async holdAccess({ userId, organizationId, clientId, audience }) {
      // Attack: two administrators pass a limit together, or deadlock. Writes of one organization run one after the other.
      await runPrepared(db, HOLD_ORGANIZATION, [organizationId]);
      await runPrepared(db, HOLD_ROLES, [userId, organizationId]);
      const [row] = await runPrepared<Row>(db, HOLD_ACCESS, [userId, organizationId, clientId, audience]);
      return row && toAccess(row);
    },
    async listPermissions(organizationId, userId, audience) {
      const { rows } = await sql<{ permissions: readonly string[] }>`
        select ${sql.raw(heldIn('m.user_id', 'm.organization_id', 'a.id'))} as permissions
        from members m cross join resource_servers a
        where m.organization_id = ${organizationId} and m.user_id = ${userId} and a.identifier = ${audience}`.execute(
        db,
      );
      return rows[0]?.permissions ?? [];
    },
    async findAssignable(roleIds, audience) {
      const { rows } = await sql<{ id: string; permissions: readonly string[] }>`
        select r.id, array(select k.permission from role_permissions k
          join resource_servers a on a.id = k.resource_server_id and a.identifier = ${audience}
          where k.role_id = r.id) as permissions
        from roles r where r.id = any (${[...roleIds]}::text[]) and r.assignable_by_organizations for share of r`.execute(
        db,
      );
      return new Map(rows.map(({ id, permissions }) => [id, permissions]));
    },
    async listAssignable({ name }, page) {
      let base = db.selectFrom('roles').selectAll().where('assignable_by_organizations', '=', true);
      if (name !== undefined) base = base.where('name', 'ilike', `%${escapeLike(name)}%`);
      const rows = await cutPage(base, page, sql.ref('created_at'), sql.ref('id')).execute();
      return toPage(rows, page, undefined, toRole, (row) => ({ createdAt: row.page_time, id: row.id }));
    },
    findPeopleOf: (connectionId, organizationId) => findPeopleOf(db, connectionId, organizationId),
    listUnusableAnswers: (organizationId, connectionIds, since) =>
      listUnusableAnswers(db, organizationId, connectionIds, since),
    async hasHolder(organizationId, audience, permission) {
      const { rows } = await sql`
        select 1 from organizations o
        join members m on m.organization_id = o.id
        join users u on u.user_id = m.user_id and ${sql.raw(CAN_SIGN_IN)}
        join resource_servers a on a.identifier = ${audience}
        where o.id = ${organizationId} and ${permission} = any (${sql.raw(heldIn('m.user_id', 'm.organization_id', 'a.id'))})
        limit 1`.execute(db);
      return rows.length > 0;
    },
  };
}
