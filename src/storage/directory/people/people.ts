/** The members of an organization with all facts that a rollout needs, one statement per page. Reads only. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { ENDED_HASH } from '../../../domain/people/account.js';
import type {
  ConnectionTotals,
  PeopleDirectory,
  PeopleTotals,
  PersonIdentity,
  PersonRecord,
} from '../../../ports/directory/people.js';
import type { Database } from '../../schema/schema.js';
import { cutPage, orUndefined, toPage } from '../rows.js';
import { addressBegins, createArrivals, selectLookedAt } from './arrivals.js';
import { expectIdentities, withdrawIdentities } from './expected-identities.js';

interface Row {
  readonly user_id: string;
  readonly page_time: string;
  readonly email: string | null;
  readonly email_verified: boolean;
  readonly name: string | null;
  readonly blocked: boolean;
  readonly has_password: boolean;
  readonly second_factors: PersonRecord['secondFactors'] | null;
  readonly logins_count: number;
  readonly last_login_at: Date | null;
  readonly other_organizations: number;
  readonly same_address: number;
  readonly same_address_members: number;
  readonly same_address_connections: readonly string[] | null;
  readonly roles: PersonRecord['roles'] | null;
  readonly break_glass: boolean;
  readonly first_used_at: Date | null;
  readonly first_login_at: Date | null;
  readonly last_member_login_at: Date | null;
  readonly via: PersonRecord['via'];
  readonly identities: readonly PersonIdentity[] | null;
}

function toPerson(row: Row): PersonRecord {
  return {
    userId: row.user_id,
    email: orUndefined(row.email),
    emailVerified: row.email_verified,
    name: orUndefined(row.name),
    blocked: row.blocked,
    hasPassword: row.has_password,
    secondFactors: row.second_factors ?? [],
    loginsCount: row.logins_count,
    lastLoginAt: orUndefined(row.last_login_at),
    otherOrganizations: row.other_organizations,
    sameAddress: row.same_address,
    sameAddressMembers: row.same_address_members,
    sameAddressConnections: row.same_address_connections ?? [],
    roles: row.roles ?? [],
    breakGlass: row.break_glass,
    ownProofAt: orUndefined(row.first_used_at),
    firstLoginHereAt: orUndefined(row.first_login_at),
    lastLoginHereAt: orUndefined(row.last_member_login_at),
    via: row.via,
    identities: row.identities ?? [],
  };
}

function selectMembers(db: Kysely<Database>, organizationId: string) {
  return db
    .selectFrom('members')
    .select(['user_id', 'created_at', 'break_glass', 'first_used_at', 'first_login_at', 'via'])
    .select('last_login_at as last_member_login_at')
    .where('organization_id', '=', organizationId);
}

const BY_AGE = sql`p.created_at, p.user_id`;
const BY_ADDRESS = sql`u.email collate "C", p.user_id`;

/**
 * Selects those of {@link selectMembers} with an address that begins with the text, ordered by address, within the
 * limits of a search.
 */
function selectBeginning(organizationId: string, startsWith: string, limit: number): RawBuilder<unknown> {
  return sql`
    with looked_at as materialized (${selectLookedAt(organizationId, startsWith)})
    select m.user_id, m.created_at, m.break_glass, m.first_used_at, m.first_login_at, m.last_login_at as last_member_login_at, m.via
    from looked_at l
    join members m on m.organization_id = ${organizationId} and m.user_id = l.user_id
    join users w on w.user_id = l.user_id and ${addressBegins(startsWith)}
    order by w.email collate "C", w.user_id limit ${limit}`;
}

/** Selects the people of a page. `members`: rows of {@link selectMembers}. */
function selectPeople(
  organizationId: string,
  members: Pick<ReturnType<typeof selectMembers>, 'toOperationNode'> | RawBuilder<unknown>,
  order: RawBuilder<unknown> = BY_AGE,
) {
  // Each fact is an index look-up per person. `offset 0` and count(*) keep the planner from hashing whole tables. It
  // expects that to be cheaper for a thousand people, but the cost grows with the tenant.
  return sql<Row>`
    with page as materialized (${members})
    select p.*, u.email, u.email_verified, u.name, u.blocked, u.logins_count, u.last_login_at,
      (select count(*) > 0 from password_credentials c where c.user_id = p.user_id and c.hash <> ${ENDED_HASH}) as has_password,
      (select count(*)::int - 1 from members o where o.user_id = p.user_id) as other_organizations,
      s.same_address, s.same_address_members, o.same_address_connections, r.roles, i.identities, f.second_factors
    from page p
    cross join lateral (select * from users w where w.user_id = p.user_id offset 0) u
    cross join lateral (
      select count(*)::int as same_address, count(m.user_id)::int as same_address_members
      from users t left join members m on m.organization_id = ${organizationId} and m.user_id = t.user_id
      where t.email = u.email and t.user_id <> u.user_id) s
    cross join lateral (
      select json_agg(distinct d.connection_id) as same_address_connections
      from users t cross join lateral (select i.connection_id from identities i where i.user_id = t.user_id offset 0) d
      where t.email = u.email and t.user_id <> u.user_id) o
    cross join lateral (
      select json_agg(json_build_object('id', n.id, 'name', n.name) order by n.name) as roles
      from member_roles k join roles n on n.id = k.role_id
      where k.organization_id = ${organizationId} and k.user_id = p.user_id) r
    cross join lateral (
      select json_agg(json_build_object('strategy', c.strategy, 'connectionId', c.id, 'connectionName', c.name, 'status', d.status,
          'subject', d.subject, 'expectedEmail', d.expected_email, 'isPrimary', d.is_primary)
        order by d.is_primary desc, d.created_at, d.id) as identities
      from identities d join connections c on c.id = d.connection_id where d.user_id = p.user_id) i
    cross join lateral (
      select array_agg(t.kind order by t.kind) as second_factors
      from factors t where t.user_id = p.user_id and t.confirmed_at is not null) f
    order by ${order}`;
}

/**
 * SQL condition: the member `m` has a usable password. `offset 0` makes it one look-up per member instead of a hash of
 * all passwords.
 */
const hasPassword = sql`(select count(*) > 0 from (
  select 1 from password_credentials c where c.user_id = m.user_id and c.hash <> ${ENDED_HASH} offset 0) p)`;

async function countPeople(db: Kysely<Database>, organizationId: string): Promise<PeopleTotals> {
  const { rows } = await sql<PeopleTotals>`
    select count(*)::int as "members",
      (count(*) filter (where ${hasPassword}))::int as "withPassword",
      (count(*) filter (where m.break_glass))::int as "breakGlass",
      (count(*) filter (where m.first_login_at is null))::int as "neverLoggedIn",
      (count(*) filter (where m.first_used_at is null))::int as "withoutOwnProof"
    from members m where m.organization_id = ${organizationId}`.execute(db);
  return rows[0] as PeopleTotals;
}

async function countPeopleAt(
  db: Kysely<Database>,
  organizationId: string,
  connectionId: string,
): Promise<ConnectionTotals> {
  const { rows } = await sql<ConnectionTotals>`
    with people as (
      select m.break_glass, i.status, ${hasPassword} as has_password, coalesce(u.addressed, false) as addressed
      from members m
      cross join lateral (
        select split_part(w.email, '@', 2) = any (c.domain_aliases) as addressed
        from users w, connections c where w.user_id = m.user_id and c.id = ${connectionId} offset 0) u
      left join lateral (
        select d.status from identities d where d.user_id = m.user_id and d.connection_id = ${connectionId}
        order by d.status limit 1) i on true
      where m.organization_id = ${organizationId})
    select (count(*) filter (where status = 'bound'))::int as "bound",
      (count(*) filter (where status = 'bound' and not has_password))::int as "boundOnly",
      (count(*) filter (where status = 'expected'))::int as "expected",
      (count(*) filter (where addressed))::int as "addressed",
      (count(*) filter (where addressed and has_password and status is null))::int as "passwordOnly",
      (count(*) filter (where addressed and has_password and status is null and break_glass))::int as "passwordOnlyBreakGlass"
    from people`.execute(db);
  return rows[0] as ConnectionTotals;
}

/** Creates the directory of an organization's people. */
export function createPeopleDirectory(db: Kysely<Database>): PeopleDirectory {
  return {
    ...createArrivals(db),
    async list(organizationId, page) {
      const members = cutPage(selectMembers(db, organizationId), page, sql.ref('created_at'), sql.ref('user_id'));
      const { rows } = await selectPeople(organizationId, members).execute(db);
      return toPage(rows, page, undefined, toPerson, (row) => ({ createdAt: row.page_time, id: row.user_id }));
    },
    async listBeginning(organizationId, { startsWith, limit }) {
      const members = selectBeginning(organizationId, startsWith, limit);
      const { rows } = await selectPeople(organizationId, members, BY_ADDRESS).execute(db);
      return rows.map(toPerson);
    },
    async find(organizationId, userIds) {
      const members = selectMembers(db, organizationId).where(sql<boolean>`user_id = any(${userIds}::text[])`);
      const { rows } = await selectPeople(organizationId, members).execute(db);
      return rows.map(toPerson);
    },
    count: (organizationId) => countPeople(db, organizationId),
    countAt: (organizationId, connectionId) => countPeopleAt(db, organizationId, connectionId),
    expect: (command) => expectIdentities(db, command),
    withdraw: (command) => withdrawIdentities(db, command),
  };
}
