/**
 * Turns bound identities into expected ones, named by subject or address. Does so for all identities under a
 * connection's former issuer, or for one account that gets the person's new identity at the provider. The next sign-in
 * that proves this subject or address binds the person again. Binds nobody by itself.
 */
import { type Kysely, sql } from 'kysely';
import type { FormerIdentities, FormerIdentity } from '../../../ports/directory/users.js';
import type { Database } from '../../schema/schema.js';
import { endAccessOf } from './end-access.js';

interface Row {
  readonly user_id: string;
  readonly subject: string;
  readonly expects: string | null;
  readonly problem: FormerIdentity['problem'] | null;
}

type Command = Parameters<FormerIdentities['expectAgain']>[0];

/** Selects and locks the identities under the former issuer, each with the subject or address to expect now. */
function namedBy({ connectionId, formerIssuer, by, subjects, only, address, keep }: Command) {
  const map = JSON.stringify(subjects ?? {});
  const bySubject = subjects === undefined ? sql`i.subject` : sql`${map}::jsonb ->> i.subject`;
  const byAddress = address === undefined ? sql`u.email` : sql`${address}::text`;
  return sql`
    select i.user_id, i.id, i.subject, ${by === 'email' ? byAddress : bySubject} as expects
    from identities i join users u on u.user_id = i.user_id
    where i.connection_id = ${connectionId} and i.issuer = ${formerIssuer} and (${keep === undefined} or i.status = 'bound')
      and (${only === undefined} or i.subject = any (${[...(only ?? [])]}::text[]))
    for no key update of i`;
}

/** Returns SQL for the reason why an identity is left unchanged. */
function problemOf({ connectionId, formerIssuer, by }: Command) {
  const taken = by === 'email' ? sql`o.subject is null and o.expected_email = p.expects` : sql`o.subject = p.expects`;
  const nothing = by === 'email' ? 'no_address' : 'not_named';
  const twice = by === 'email' ? 'address_shared' : 'subject_shared';
  return sql`case
    when p.expects is null then ${nothing}
    when count(*) over (partition by p.expects) > 1 then ${twice}
    when exists (select 1 from identities o where o.connection_id = ${connectionId} and o.status = 'expected' and ${taken}
      and (o.user_id, o.id) <> (p.user_id, p.id))
      then 'expected_for_another_user'
    when ${by === 'subject'} and exists (select 1 from identities o where o.connection_id = ${connectionId}
      and o.status = 'bound' and o.subject = p.expects and o.issuer <> ${formerIssuer}) then 'bound_to_another_user'
    end`;
}

/** Returns the id of the expected identity. A moved identity (`keep`) gets a new id, since it may be moved again. */
function newIdOf({ keep }: Command) {
  return keep === undefined ? sql`i.id` : sql`md5(i.id || ${keep.at.toISOString()})`;
}

/** Copies the identities of `plan` into `moved_identities`. Does nothing without `keep`. */
function keptOf({ keep, apply, connectionId }: Command) {
  const { at, by, absorbed } = keep ?? { at: null, by: null, absorbed: undefined };
  return sql`insert into moved_identities (user_id, id, connection_id, issuer, subject, is_primary, profile, bound_by, evidence,
      email_vouched_by, created_at, bound_at, moved_at, moved_by, absorbed)
    select i.user_id, i.id, i.connection_id, i.issuer, i.subject, i.is_primary, i.profile, i.bound_by, i.evidence,
      i.email_vouched_by, i.created_at, i.bound_at, ${at}::timestamptz, ${by}, ${absorbed ?? null}::jsonb
    from plan p join identities i on i.user_id = p.user_id and i.id = p.id
    where ${apply && keep !== undefined} and p.problem is null and i.connection_id = ${connectionId} and i.status = 'bound'`;
}

/** Returns the methods for identities under former issuers. */
export function createFormerIdentities(db: Kysely<Database>): FormerIdentities {
  return {
    async keepExpectedFor(connectionId, issuer) {
      await sql`update identities set issuer = ${issuer}
        where connection_id = ${connectionId} and status = 'expected' and subject is not null and issuer = ''`.execute(
        db,
      );
    },
    async distrust(connectionId) {
      const { rows } = await sql`update identities set prove_again = true
        where connection_id = ${connectionId} and subject is not null returning 1`.execute(db);
      await endAccessOf(db, connectionId);
      return rows.length;
    },
    endAccessOf: (connectionId) => endAccessOf(db, connectionId),
    async countByIssuer(connectionId) {
      const { rows } = await sql<{ issuer: string; people: number }>`
        select issuer, count(*)::int as people from identities
        where connection_id = ${connectionId} and issuer <> '' group by issuer order by issuer`.execute(db);
      return rows;
    },
    async expectAgain(command) {
      const { connectionId, by, boundBy, apply } = command;
      const { rows } = await sql<Row>`
        with named as materialized (${namedBy(command)}),
        plan as materialized (select p.user_id, p.id, p.subject, p.expects, ${problemOf(command)} as problem from named p),
        kept as (${keptOf(command)}),
        changed as (update identities i set id = ${newIdOf(command)}, status = 'expected', issuer = '', bound_at = null, bound_by = ${boundBy},
            -- The operator says who this is, at the provider as it is now.
            prove_again = false,
            subject = case when ${by === 'subject'} then p.expects end,
            expected_email = case when ${by === 'email'} then p.expects end
          from plan p where ${apply} and p.problem is null and i.user_id = p.user_id and i.id = p.id returning i.user_id),
        sessions_ended as (delete from sessions s using changed c
          where s.user_id = c.user_id and s.connection_id = ${connectionId}),
        codes_ended as (delete from authorization_codes a using changed c
          where a.user_id = c.user_id and a.connection_id = ${connectionId}),
        tokens_ended as (delete from refresh_tokens t using changed c
          where t.user_id = c.user_id and t.connection_id = ${connectionId})
        select user_id, subject, expects, problem from plan order by user_id`.execute(db);
      return rows.map(({ user_id, subject, expects, problem }) => ({
        userId: user_id,
        formerSubject: subject,
        expects: expects ?? undefined,
        problem: problem ?? undefined,
      }));
    },
  };
}
