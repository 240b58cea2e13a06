/**
 * Lists the people who can still sign in without a company's connection: break-glass members of organizations that
 * require a connection, and owners among the operators. Can also lock the rows that decide this. Decides nothing.
 */
import { type Kysely, sql } from 'kysely';
import type { WaysIn } from '../../../domain/people/ways-in.js';
import type { MemberDirectory, WaysInScope } from '../../../ports/directory/members.js';
import { prepare, runPrepared } from '../../database/prepared.js';
import type { Database } from '../../schema/schema.js';

type WideScope = Exclude<WaysInScope, { readonly lockedUserId: string }>;

/** Selects the operators' organization if a person is an owner there. The caller appends a condition on the user. */
const OWNED =
  'select p.organization_id from operators p join member_roles r on r.organization_id = p.organization_id and r.role_id = p.owner_role_id';

/**
 * Selects the organizations of a scope. The column must be named `organization_id`: otherwise `in (select
 * organization_id from o)` would refer to the outer row and lock every organization.
 */
function organizationsOf(scope: WideScope) {
  if ('organizationId' in scope) return sql`select ${scope.organizationId}::text as organization_id`;
  if ('userIds' in scope) {
    const ids = [...scope.userIds];
    return sql`
      select organization_id from members where user_id = any(${ids}::text[]) and break_glass
      union
      ${sql.raw(OWNED)} where r.user_id = any(${ids}::text[])`;
  }
  const { connectionId } = scope;
  return sql`
    select organization_id from organization_connections where connection_id = ${connectionId}
    union
    select m.organization_id from identities i join members m on m.user_id = i.user_id
    where i.connection_id = ${connectionId} and m.break_glass
    union
    ${sql.raw(OWNED)} join identities i on i.user_id = r.user_id and i.connection_id = ${connectionId}`;
}

const toOrganizations = (rows: readonly { readonly organization_id: string }[]) => [
  ...new Set(rows.map((row) => row.organization_id)),
];

/**
 * Locks the rows that every removal of access locks: the connection settings of the organizations `of`, then the
 * operators' row, since the operators' organization may have no connection.
 */
const lockRows = (of: string) => `
  with e as (select organization_id from organization_connections where organization_id in (${of})
    order by organization_id, connection_id for update),
  p as (select organization_id from operators where organization_id in (${of}) for update)
  select organization_id from e union all select organization_id from p`;

/**
 * Locks the rows for one user, by an index: almost nobody is a break-glass member, and SCIM asks at each deactivation.
 */
const LOCK_OF_USER = prepare(
  'ways-in-of-user',
  lockRows(
    `select organization_id from members where user_id = $1::text and break_glass union ${OWNED} where r.user_id = $1::text`,
  ),
);

async function lockSettings(db: Kysely<Database>, scope: WideScope): Promise<readonly string[]> {
  const { rows } = await sql<{ organization_id: string }>`
    with o as materialized (${organizationsOf(scope)}) ${sql.raw(lockRows('select organization_id from o').replace('with', ','))}`.execute(
    db,
  );
  return toOrganizations(rows);
}

/** Returns the methods for break-glass members, a part of the member directory (members.ts). */
export function createWaysIn(
  db: Kysely<Database>,
): Pick<MemberDirectory, 'lockWaysIn' | 'listWaysIn' | 'setBreakGlass'> {
  return {
    async lockWaysIn(scope) {
      if ('lockedUserId' in scope) return toOrganizations(await runPrepared(db, LOCK_OF_USER, [scope.lockedUserId]));
      // Locks in the order of a login's commit (connection, enablement, user), so that the two cannot deadlock.
      if ('connectionId' in scope) {
        await sql`select 1 from connections where id = ${scope.connectionId} for update`.execute(db);
      }
      const locked = await lockSettings(db, scope);
      if (!('userIds' in scope)) return locked;
      const ids = [...scope.userIds];
      await sql`select 1 from users where user_id = any(${ids}::text[]) order by user_id for no key update`.execute(db);
      // Under the lock nobody can make one of these users a break-glass member. This second read finds those made one
      // just before it.
      return lockSettings(db, scope);
    },
    async listWaysIn(organizationIds) {
      if (organizationIds.length === 0) return [];
      const { rows } = await sql<WaysIn>`
        select o.id as "organizationId", o.name,
          k.is_required and exists (select 1 from members m where m.organization_id = o.id and m.break_glass) as flagged,
          k.is_required and exists (select 1 from members m
                  join users u on u.user_id = m.user_id
                  join password_credentials p on p.user_id = m.user_id
                  join organization_connections c on c.organization_id = o.id and c.connection_id = p.connection_id
                  where m.organization_id = o.id and m.break_glass and not u.blocked and c.is_enabled) as usable,
          exists (select 1 from member_roles r
                  where r.organization_id = p.organization_id and r.role_id = p.owner_role_id) as owned,
          not o.blocked and exists (select 1 from member_roles r
                  join users u on u.user_id = r.user_id and not u.blocked
                  join identities i on i.user_id = r.user_id and i.status = 'bound' and not i.scim_inactive
                  join organization_connections c on c.organization_id = o.id and c.connection_id = i.connection_id
                  where r.organization_id = p.organization_id and r.role_id = p.owner_role_id and c.is_enabled) as "ownerCanSignIn"
        from organizations o
        cross join lateral (select exists (select 1 from organization_connections r
          where r.organization_id = o.id and r.is_enabled and r.sso_rollout = 'required') as is_required) k
        left join operators p on p.organization_id = o.id
        where o.id = any(${[...organizationIds]}::text[]) and (k.is_required or p.organization_id is not null)
        order by o.name`.execute(db);
      return rows;
    },
    async setBreakGlass(organizationId, userId, breakGlass) {
      if (breakGlass) await sql`select 1 from users where user_id = ${userId} for share`.execute(db);
      await db
        .updateTable('members')
        .set({ break_glass: breakGlass })
        .where('organization_id', '=', organizationId)
        .where('user_id', '=', userId)
        .execute();
    },
  };
}
