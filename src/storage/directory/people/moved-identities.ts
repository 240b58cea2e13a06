/**
 * Lists the identities that were set aside when an operator moved an account to the person's new identity, and undoes
 * such a move. If the move absorbed a second account, its rows are kept as JSON and restored column by column. Decides
 * nothing.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { assert } from '../../../kernel/assert.js';
import type { MovedIdentities, MovedIdentity } from '../../../ports/directory/users.js';
import type { Database } from '../../schema/schema.js';
import { orUndefined } from '../rows.js';

/** Maximum number of moves of one user that are listed. */
const LISTED = 100;

/** The columns restored in each table: all except generated ones. */
const COLUMNS = {
  users: `user_id, email, email_vouched_by, username, phone_number, name, given_name, family_name, nickname, picture, blocked,
    blocked_by_scim, user_metadata, app_metadata, logins_count, last_login_at, last_ip, created_at, updated_at`,
  identities: `user_id, id, connection_id, status, issuer, subject, expected_email, is_primary, profile, bound_by, evidence,
    email_vouched_by, scim, scim_id, scim_inactive, created_at, bound_at`,
  members:
    'organization_id, user_id, via, break_glass, first_used_at, first_login_at, last_login_at, created_at, vouched_email',
  member_roles: 'organization_id, user_id, role_id',
  user_roles: 'user_id, role_id, created_at',
  user_permissions: 'user_id, resource_server_id, permission',
} as const;

/** Inserts rows of `table` from the kept JSON. `where` leaves out rows whose organization or role was deleted. */
function putBack(table: keyof typeof COLUMNS, absorbed: string, where: RawBuilder<unknown> = sql`true`) {
  const columns = sql.raw(COLUMNS[table]);
  return sql`insert into ${sql.raw(table)} (${columns})
    select ${columns} from jsonb_populate_recordset(null::${sql.raw(table)}, ${absorbed}::jsonb -> ${table}) x where ${where}`;
}

async function restoreAbsorbed(db: Kysely<Database>, absorbed: string): Promise<void> {
  await putBack('users', absorbed).execute(db);
  // Absent in what an earlier version kept. Attack: the revision starts again, and a browser that was remembered long ago
  // is remembered once more.
  await sql`update users u set factors_revision = coalesce((x ->> 'factors_revision')::bigint, 0)
    from jsonb_array_elements(${absorbed}::jsonb -> 'users') x where u.user_id = x ->> 'user_id'`.execute(db);
  await putBack('identities', absorbed).execute(db);
  // Absent in what an earlier version kept. Attack: a subject is believed again after the provider changed.
  await sql`update identities i set prove_again = true from jsonb_array_elements(${absorbed}::jsonb -> 'identities') x
    where i.user_id = x ->> 'user_id' and i.id = x ->> 'id' and x ->> 'prove_again' = 'true'`.execute(db);
  await putBack(
    'members',
    absorbed,
    sql`exists (select 1 from organizations o where o.id = x.organization_id)`,
  ).execute(db);
  await putBack(
    'member_roles',
    absorbed,
    sql`exists (select 1 from roles r where r.id = x.role_id) and exists (
      select 1 from members m where m.organization_id = x.organization_id and m.user_id = x.user_id)`,
  ).execute(db);
  await putBack('user_roles', absorbed, sql`exists (select 1 from roles r where r.id = x.role_id)`).execute(db);
  await putBack(
    'user_permissions',
    absorbed,
    // A scope that the API has lost since is not restored.
    sql`exists (select 1 from resource_servers a, jsonb_array_elements(a.scopes) s
      where a.id = x.resource_server_id and s ->> 'value' = x.permission)`,
  ).execute(db);
}

/** Implements {@link MovedIdentities.listMoved}. */
async function listMoved(db: Kysely<Database>, userId: string): Promise<readonly MovedIdentity[]> {
  const rows = await db
    .selectFrom('moved_identities')
    .innerJoin('connections', 'connections.id', 'moved_identities.connection_id')
    .selectAll('moved_identities')
    .select(['connections.name', 'connections.strategy'])
    .select(sql<string | null>`absorbed -> 'users' -> 0 ->> 'user_id'`.as('absorbed_user'))
    .where('moved_identities.user_id', '=', userId)
    .orderBy('moved_at', 'desc')
    .orderBy('moved_identities.id')
    .limit(LISTED)
    .execute();
  return rows.map(
    (row): MovedIdentity => ({
      id: row.id,
      connectionId: row.connection_id,
      connectionName: row.name,
      strategy: row.strategy,
      issuer: row.issuer,
      subject: row.subject,
      boundBy: orUndefined(row.bound_by),
      evidence: row.evidence ?? undefined,
      boundAt: orUndefined(row.bound_at),
      movedAt: row.moved_at,
      movedBy: row.moved_by,
      absorbedUserId: orUndefined(row.absorbed_user),
    }),
  );
}

/** Returns the methods for moved identities. `endAccess` revokes the access that a user got through one connection. */
export function createMovedIdentities(
  db: Kysely<Database>,
  endAccess: (userId: string, connectionId: string) => Promise<void>,
): MovedIdentities {
  return {
    async findBoundUser(connectionId, subject) {
      const row = await db
        .selectFrom('identities')
        .select('user_id')
        .where('connection_id', '=', connectionId)
        .where('subject', '=', subject)
        .where('status', '=', 'bound')
        .limit(1)
        .executeTakeFirst();
      return row?.user_id;
    },
    async getBinding(userId, identityId) {
      const row = await db
        .selectFrom('identities')
        .select(['bound_by', 'evidence', 'bound_at'])
        .where('user_id', '=', userId)
        .where('id', '=', identityId)
        .executeTakeFirstOrThrow();
      return {
        boundBy: orUndefined(row.bound_by),
        evidence: row.evidence ?? undefined,
        boundAt: orUndefined(row.bound_at),
      };
    },
    listMoved: (userId) => listMoved(db, userId),
    async handOverMoved(from, to) {
      await db
        .updateTable('moved_identities')
        .set({ user_id: to, is_primary: false })
        .where('user_id', '=', from)
        .execute();
    },
    async takeOut(userId) {
      const rowsOf = (table: string) =>
        sql`coalesce((select jsonb_agg(to_jsonb(x)) from ${sql.raw(table)} x where x.user_id = ${userId}), '[]')`;
      const { rows } = await sql<{ kept: string }>`
        select jsonb_build_object('users', ${rowsOf('users')}, 'identities', ${rowsOf('identities')},
          'members', ${rowsOf('members')}, 'member_roles', ${rowsOf('member_roles')},
          'user_roles', ${rowsOf('user_roles')}, 'user_permissions', ${rowsOf('user_permissions')})::text as kept`.execute(
        db,
      );
      const [row] = rows;
      assert(row, 'the statement has one row');
      await db.deleteFrom('users').where('user_id', '=', userId).execute();
      return row.kept;
    },
    async restoreMoved(userId, identityId) {
      const moved = await db
        .selectFrom('moved_identities')
        .select('connection_id')
        .select(sql<string | null>`absorbed::text`.as('absorbed'))
        .where('user_id', '=', userId)
        .where('id', '=', identityId)
        .executeTakeFirstOrThrow();
      const gone = await db
        .deleteFrom('identities')
        .where('user_id', '=', userId)
        .where('connection_id', '=', moved.connection_id)
        .returning(['scim', 'scim_id', 'scim_inactive'])
        .execute();
      // SCIM's data belongs to the account, so a person whom SCIM deactivated stays deactivated.
      const scim = gone.find((row) => row.scim_id !== null) ?? gone.find((row) => row.scim !== null);
      const isInactive = gone.some((row) => row.scim_inactive);
      await endAccess(userId, moved.connection_id);
      await sql`
        with back as (delete from moved_identities where user_id = ${userId} and id = ${identityId} returning *)
        insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, profile, bound_by, evidence,
          email_vouched_by, created_at, bound_at, scim, scim_id, scim_inactive, prove_again)
        select user_id, id, connection_id, 'bound', issuer, subject, is_primary, profile, bound_by, evidence,
          email_vouched_by, created_at, bound_at, ${scim?.scim == null ? null : JSON.stringify(scim.scim)}::jsonb, ${scim?.scim_id ?? null},
          ${isInactive},
          -- nobody marked it while it was set aside: the provider of a customer's connection may have changed
          exists (select 1 from connections c where c.id = back.connection_id and c.managed_by_organization is not null) from back`.execute(
        db,
      );
      if (moved.absorbed !== null) await restoreAbsorbed(db, moved.absorbed);
    },
  };
}
