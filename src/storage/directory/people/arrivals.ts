/**
 * Members who signed in to an organization through one of its connections, with the claims stored from their last
 * sign-in. Reads only. Refused people are no members and have no rows here.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type Email, parseEmail } from '../../../domain/people/email.js';
import type { Arrival, ArrivalDirectory, KnownArrival } from '../../../ports/directory/arrivals.js';
import type { Database } from '../../schema/schema.js';
import { groupsOf } from '../../scim-group-roles.js';
import { beginsWith, orUndefined } from '../rows.js';

/** Limit of people that a search by prefix reads: this many of all users, and as many of the organization's members. */
const MOST_LOOKED_AT = 1_000;
/** Maximum number of log lines that are read for one person. */
const MOST_LINES = 1_000;

interface Row {
  readonly user_id: string;
  readonly email: Email | null;
  readonly name: string | null;
}

interface KnownRow extends Row {
  readonly page_time: string;
  readonly proved: string | null;
  readonly profile: Readonly<Record<string, unknown>>;
  readonly scim_groups: readonly string[] | null;
}

const toArrival = (row: Row): Arrival => ({
  userId: row.user_id,
  email: orUndefined(row.email),
  name: orUndefined(row.name),
});

const toKnown = (row: KnownRow): KnownArrival => ({
  ...toArrival(row),
  provedEmail: parseEmail(row.proved),
  claims: row.profile,
  scimGroups: row.scim_groups ?? [],
});

/**
 * SQL condition: the person has signed in by the identity `came`. Its stored claims show that; an identity that only an
 * administrator linked has none yet. Passwords give no claims, so at a database connection (`auth0`) the identity alone
 * counts.
 */
const HAS_COME = sql<boolean>`came.status = 'bound' and (came.profile <> '{}'
  or exists (select 1 from connections c where c.id = came.connection_id and c.strategy = 'auth0'))`;

/** Selects the groups that a login by the identity `came` would read. This select uses the alias `i` for itself. */
const GROUPS = sql.raw(groupsOf('came.connection_id', 'came.issuer', 'came.subject'));

/** Selects members `m` with their claims. `of` narrows the members; `rest` sorts and limits. */
function selectKnown(organizationId: string, connectionId: string, of: RawBuilder<unknown>, rest: RawBuilder<unknown>) {
  return sql<KnownRow>`
    select m.user_id, to_json(m.created_at) #>> '{}' as page_time, u.email, u.name, came.profile,
      coalesce(case when came.email_vouched_by is not null then came.profile ->> 'email' end,
        case when u.email_verified then u.email end) as proved,
      (select json_agg(g.display_name) from (${GROUPS}) g) as scim_groups
    from members m
    join identities came on came.user_id = m.user_id and came.connection_id = ${connectionId} and ${HAS_COME}
    join users u on u.user_id = m.user_id
    where m.organization_id = ${organizationId} and ${of} ${rest}`;
}

/** SQL condition: the address of the user `w` begins with this text. */
export const addressBegins = (startsWith: string) => beginsWith(sql`w.email collate "C"`, startsWith);

/**
 * Selects the ids of users among which a search looks: the first thousand of all users with this prefix, and the first
 * thousand members. Either set may be a whole tenant, and no index covers both.
 */
export function selectLookedAt(organizationId: string, startsWith: string): RawBuilder<unknown> {
  const begins = addressBegins(startsWith);
  const everywhere =
    startsWith === ''
      ? sql`select null::text as user_id where false`
      : sql`select w.user_id from users w where ${begins} order by w.email collate "C", w.user_id limit ${MOST_LOOKED_AT}`;
  return sql`
    (${everywhere})
    union
    (select m.user_id from members m where m.organization_id = ${organizationId}
      order by m.created_at, m.user_id limit ${MOST_LOOKED_AT})`;
}

function selectFound(organizationId: string, connectionId: string, startsWith: string, limit: number) {
  return sql<Row>`
    with looked_at as materialized (${selectLookedAt(organizationId, startsWith)})
    select w.user_id, w.email, w.name
    from looked_at l
    join members m on m.organization_id = ${organizationId} and m.user_id = l.user_id
    join identities came on came.user_id = l.user_id and came.connection_id = ${connectionId} and ${HAS_COME}
    join users w on w.user_id = l.user_id and ${addressBegins(startsWith)}
    order by w.email collate "C", w.user_id limit ${limit}`;
}

/** Returns the part of the directory about arrivals in an organization. */
export function createArrivals(db: Kysely<Database>): ArrivalDirectory {
  return {
    async findArrivals(organizationId, connectionId, { startsWith, limit }) {
      const { rows } = await selectFound(organizationId, connectionId, startsWith, limit).execute(db);
      return rows.map(toArrival);
    },
    async getArrivals(organizationId, connectionId, userIds) {
      const named = sql`m.user_id = any(${userIds}::text[])`;
      const { rows } = await selectKnown(organizationId, connectionId, named, sql``).execute(db);
      return rows.map(toKnown);
    },
    async listArrivals(organizationId, connectionId, { after, limit }) {
      const further =
        after === undefined
          ? sql`true`
          : sql`(m.created_at, m.user_id) > (${after.createdAt}::timestamptz, ${after.userId}::text)`;
      const cut = sql`order by m.created_at, m.user_id limit ${limit + 1}`;
      const { rows } = await selectKnown(organizationId, connectionId, further, cut).execute(db);
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      const next =
        rows.length > limit && last !== undefined ? { createdAt: last.page_time, userId: last.user_id } : undefined;
      return { items: shown.map(toKnown), ...(next && { next }) };
    },
    async findLastProof(userId, connectionId) {
      // Counts only sign-ins at the provider. A line about an existing session says nothing of claims: the provider was
      // not asked.
      const { rows } = await sql<{ date: Date }>`
        select date from (
          select date, log_id, type, connection_id, details from logs where user_id = ${userId}
          order by log_id desc limit ${MOST_LINES}) l
        where type in ('s', 'ssa') and connection_id = ${connectionId}
          and details -> 'trace' @> '[{"rule": "protocol_proof", "answer": "pass"}]'
        order by log_id desc limit 1`.execute(db);
      return rows[0]?.date;
    },
  };
}
