/**
 * Creates and withdraws expected identities (those that the person's next sign-in binds) for many people at once, with
 * a few statements. Locks in the order of a login's commit (users, members), then checks under those locks. Never
 * writes a bound identity.
 */
import { type Kysely, sql } from 'kysely';
import type { ExpectedUser, ExpectResult, PeopleDirectory, WithdrawResult } from '../../../ports/directory/people.js';
import type { Database } from '../../schema/schema.js';

type Expect = Parameters<PeopleDirectory['expect']>[0];
type Withdraw = Parameters<PeopleDirectory['withdraw']>[0];

interface Judged<Result> {
  readonly result: Result;
}

/**
 * Locks the users: until the transaction finishes no login binds them, and no other command expects them. Separate from
 * the next statement, which must see rows committed while this one waited.
 */
async function lockUsers(db: Kysely<Database>, people: readonly ExpectedUser[]): Promise<void> {
  const ids = people.map((person) => person.userId);
  await sql`select 1 from users where user_id = any(${ids}::text[]) order by user_id for no key update`.execute(db);
}

async function lockMembers(db: Kysely<Database>, organizationId: string, people: readonly ExpectedUser[]) {
  const ids = people.map((person) => person.userId);
  await sql`select 1 from members where organization_id = ${organizationId} and user_id = any(${ids}::text[])
    order by user_id for key share`.execute(db);
}

/** Returns the people as rows (user_id, subject, expected_email, id, place). */
function sentRows(people: readonly (ExpectedUser & { readonly identityId?: string })[]) {
  const column = (of: (person: (typeof people)[number]) => string | undefined) =>
    people.map((person) => of(person) ?? null);
  return sql`select * from unnest(${column((one) => one.userId)}::text[], ${column((one) => one.subject)}::text[],
    ${column((one) => one.expectedEmail)}::text[], ${column((one) => one.identityId)}::text[])
    with ordinality as s(user_id, subject, expected_email, id, place)`;
}

/** SQL condition: the identity `i` is expected exactly as the row `s` says. */
const SAME = sql.raw(`i.status = 'expected' and i.subject is not distinct from s.subject
  and (s.subject is not null or i.expected_email = s.expected_email)`);

/**
 * Selects the issuers of the connection's bound identities with one index probe each: the index of bound subjects
 * begins with connection and issuer.
 */
function issuersOf(connectionId: string) {
  const next = (beyond: string) => sql`select i.issuer from identities i
    where i.connection_id = ${connectionId} and i.status = 'bound' ${sql.raw(beyond)} order by i.issuer limit 1`;
  return sql`(${next('')}) union all
    select (${next('and i.issuer > n.issuer')}) from issuers n where n.issuer is not null`;
}

/**
 * SQL condition: the subject of `s` is bound under some issuer. Written as one index look-up per row of `s`, like all
 * conditions below: the planner might answer an `exists` by hashing the whole table.
 */
const boundElsewhere = (connectionId: string) => sql`(select 1 from issuers n cross join lateral (
  select 1 from identities i where i.connection_id = ${connectionId} and i.status = 'bound' and i.issuer = n.issuer
    and i.subject = s.subject offset 0) b limit 1) is not null`;

/**
 * Joins three facts about the identities that the user of `s` has at the connection: there is one (`has`), a bound one
 * matches `s` (`bound`), one is already expected as `s` says (`same`).
 */
const heldAt = (connectionId: string) => sql`lateral (
  select count(*) > 0 as has, bool_or(i.issuer = '' and ${SAME}) as same,
    bool_or(i.status = 'bound' and (s.subject is null or i.subject = s.subject)) as bound
  from identities i where i.user_id = s.user_id and i.connection_id = ${connectionId}) h`;

/** Implements {@link PeopleDirectory.expect}. */
export async function expectIdentities(db: Kysely<Database>, command: Expect): Promise<readonly ExpectResult[]> {
  const { connectionId, organizationId, people, boundBy, at } = command;
  await lockUsers(db, people);
  if (organizationId !== undefined) await lockMembers(db, organizationId, people);
  const notMember =
    organizationId === undefined
      ? sql`false`
      : sql`(select 1 from members m where m.organization_id = ${organizationId} and m.user_id = s.user_id) is null`;
  // Writes in the order of the unique keys, so that two calls cannot deadlock.
  const { rows } = await sql<Judged<ExpectResult>>`
    with recursive sent as materialized (${sentRows(people)}),
    issuers(issuer) as (${issuersOf(connectionId)}),
    judged as materialized (select s.*, case
      when (select 1 from users u where u.user_id = s.user_id) is null then 'unknown_user'
      when ${notMember} then 'not_a_member'
      when h.same then 'exists'
      when h.has then 'has_identity'
      when ${boundElsewhere(connectionId)} then 'taken'
      end as refused from sent s cross join ${heldAt(connectionId)}),
    created as (insert into identities (user_id, id, connection_id, status, subject, expected_email, bound_by, created_at)
      select j.user_id, j.id, ${connectionId}, 'expected', j.subject, j.expected_email, ${boundBy}, ${at}::timestamptz
      from judged j where j.refused is null order by j.subject, j.expected_email, j.place
      on conflict do nothing returning id)
    select coalesce(j.refused, case when c.id is null then 'taken' else 'created' end) as result
    from judged j left join created c on c.id = j.id order by j.place`.execute(db);
  return rows.map((row) => row.result);
}

/** Implements {@link PeopleDirectory.withdraw}. */
export async function withdrawIdentities(
  db: Kysely<Database>,
  { connectionId, people }: Withdraw,
): Promise<readonly WithdrawResult[]> {
  await lockUsers(db, people);
  const ids = people.map((person) => person.userId);
  const { rows } = await sql<Judged<WithdrawResult>>`
    with sent as materialized (${sentRows(people)}),
    removed as (delete from identities i using sent s
      where i.user_id = any(${ids}::text[]) and i.user_id = s.user_id and i.connection_id = ${connectionId}
        and not i.is_primary and ${SAME} returning s.place)
    select case when r.place is not null then 'removed' when h.bound then 'bound' when h.has then 'other' else 'absent' end as result
    from sent s cross join ${heldAt(connectionId)} left join removed r on r.place = s.place order by s.place`.execute(
    db,
  );
  return rows.map((row) => row.result);
}
