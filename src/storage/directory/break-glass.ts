/** Lists the break-glass members of organizations under `required`, and takes the lock for such a read. Decides nothing. */
import { type Kysely, sql } from 'kysely';
import type { BreakGlass } from '../../domain/break-glass.js';
import type { BreakGlassScope, MemberDirectory } from '../../ports/directory/members.js';
import { prepare, runPrepared } from '../prepared.js';
import type { Database } from '../schema.js';

type WideScope = Exclude<BreakGlassScope, { readonly lockedUserId: string }>;

function organizationsOf(scope: WideScope) {
  if ('organizationId' in scope) return sql`select ${scope.organizationId}::text`;
  if ('userIds' in scope) {
    return sql`select organization_id from members where user_id = any(${[...scope.userIds]}::text[]) and break_glass`;
  }
  const { connectionId } = scope;
  return sql`
    select organization_id from organization_connections where connection_id = ${connectionId}
    union
    select m.organization_id from identities i join members m on m.user_id = i.user_id
    where i.connection_id = ${connectionId} and m.break_glass`;
}

const toOrganizations = (rows: readonly { readonly organization_id: string }[]) => [
  ...new Set(rows.map((row) => row.organization_id)),
];

/** Of one user, by an index: nearly everybody has no flag, and the directory of a company asks at each deactivation. */
const LOCK_OF_USER = prepare(
  'break-glass-of-user',
  `select organization_id from organization_connections
  where organization_id in (select organization_id from members where user_id = $1::text and break_glass)
  order by organization_id, connection_id for update`,
);

async function lockEnablements(db: Kysely<Database>, scope: WideScope): Promise<readonly string[]> {
  const { rows } = await sql<{ organization_id: string }>`
    select organization_id from organization_connections where organization_id in (${organizationsOf(scope)})
    order by organization_id, connection_id for update`.execute(db);
  return toOrganizations(rows);
}

/** The methods for break-glass members of the member directory (members.ts). */
export function createBreakGlass(
  db: Kysely<Database>,
): Pick<MemberDirectory, 'lockBreakGlass' | 'listBreakGlass' | 'setBreakGlass'> {
  return {
    async lockBreakGlass(scope) {
      if ('lockedUserId' in scope) return toOrganizations(await runPrepared(db, LOCK_OF_USER, [scope.lockedUserId]));
      // Locks in the order of a login's commit (connection, enablement, user), so that the two cannot deadlock.
      if ('connectionId' in scope) {
        await sql`select 1 from connections where id = ${scope.connectionId} for update`.execute(db);
      }
      const locked = await lockEnablements(db, scope);
      if (!('userIds' in scope)) return locked;
      const ids = [...scope.userIds];
      await sql`select 1 from users where user_id = any(${ids}::text[]) order by user_id for no key update`.execute(db);
      // From now on nobody can flag one of these users; this second read finds a flag that was set just before.
      return lockEnablements(db, scope);
    },
    async listBreakGlass(organizationIds) {
      if (organizationIds.length === 0) return [];
      const { rows } = await sql<BreakGlass>`
        select o.id as "organizationId", o.name,
          exists (select 1 from members m where m.organization_id = o.id and m.break_glass) as flagged,
          exists (select 1 from members m
                  join users u on u.user_id = m.user_id
                  join password_credentials p on p.user_id = m.user_id
                  join organization_connections c on c.organization_id = o.id and c.connection_id = p.connection_id
                  where m.organization_id = o.id and m.break_glass and not u.blocked and c.is_enabled) as usable
        from organizations o
        where o.id = any(${[...organizationIds]}::text[])
          and exists (select 1 from organization_connections r
                      where r.organization_id = o.id and r.is_enabled and r.sso_rollout = 'required')
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
