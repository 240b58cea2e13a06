/** Reads the account data that the linking and admission rules need. Part of the login store. */
import type { Pool } from 'pg';
import type { Account, PasswordCredential } from '../../domain/people/account.js';
import { type Email, emailDomain } from '../../domain/people/email.js';
import type { Candidate, CandidateQuery, Candidates, LoginReads } from '../../ports/login-store.js';
import { groupsOf } from '../scim-group-roles.js';
import { freePrefix, knownPrefix } from '../user-id-prefixes.js';
import { addressProved, emailVerified } from './address-proved.js';
import { domainProved } from './domain-proved.js';
import { INVITATION_JSON } from './invitation-json.js';
import { ofCustomer } from './of-customer.js';
import { run } from './query.js';
import { toInvitation } from './target.js';

type Json = Record<string, unknown>;

/**
 * SQL for a user as a candidate of the linking rule. Connection, organization and time are parameters of the
 * surrounding statement.
 */
function candidateOf(alias: string, connection: string, organization: string, now: string): string {
  return `jsonb_build_object(
    'user_id', ${alias}.user_id, 'email', ${alias}.email, 'email_verified', ${emailVerified(alias, organization)},
    -- an account that the connection's SCIM made inactive is blocked for logins through this connection alone (no EXISTS: without
    -- statistics it would be answered by a walk through the table)
    'blocked', ${alias}.blocked or coalesce((select true from identities b
      where b.user_id = ${alias}.user_id and b.connection_id = ${connection} and b.scim_inactive limit 1), false),
    'name', ${alias}.name, 'given_name', ${alias}.given_name, 'family_name', ${alias}.family_name, 'nickname', ${alias}.nickname, 'picture', ${alias}.picture,
    'address_proved', ${addressProved(alias, organization, now)},
    'factors_revision', ${alias}.factors_revision,
    'main_connection', (select b.connection_id from identities b where b.user_id = ${alias}.user_id and b.is_primary limit 1),
    'has_password', exists (select 1 from password_credentials p where p.user_id = ${alias}.user_id),
    'bound', (select jsonb_build_object('subject', b.subject, 'issuer', b.issuer, 'again', case when b.prove_again then b.id end) from identities b
              where b.user_id = ${alias}.user_id and b.connection_id = ${connection} and b.status = 'bound'),
    'membership', (select jsonb_build_object('break_glass', m.break_glass, 'used', m.first_used_at is not null)
                   from members m where m.organization_id = ${organization} and m.user_id = ${alias}.user_id),
    'others', (select count(*) from members m where m.user_id = ${alias}.user_id and m.organization_id is distinct from ${organization}))`;
}

/**
 * The subject expected of the user `u`, preferably under the current issuer. If it is expected only under another
 * issuer, `former` is that issuer.
 */
const AWAITED = `(select jsonb_build_object('subject', e.subject, 'former',
    case when e.issuer <> '' and rtrim(e.issuer, '/') <> rtrim($2, '/') then e.issuer end)
  from identities e where e.user_id = u.user_id and e.connection_id = $1 and e.status = 'expected' and e.subject is not null
  order by e.issuer <> '' and rtrim(e.issuer, '/') <> rtrim($2, '/'), e.subject limit 1)`;

/**
 * $1 connection, $2 issuer, $3 subject, $4 address or null, $5 organization or null, $6 domain or null, $7 the prefix
 * of the connection's user ids, $8 now, $9 whether the groups of the company's directory are read. If the identity is
 * bound, it alone recognises the person, and no other candidate is read.
 */
const FIND_CANDIDATES = `
select bound,
  (select jsonb_agg(${INVITATION_JSON} order by i.created_at desc) from invitations i
   where i.organization_id = $5 and i.invitee_email = $4 and i.consumed_at is null) as invitations,
  exists (select 1 from discovery_domains d where d.domain = $6 and ${domainProved('d', '$8')}
          and d.organization_id is distinct from $5) as proved_elsewhere,
  case when bound is null then (
    select jsonb_build_object('identity', i.id, 'again', i.prove_again, 'by', case when i.subject is null then 'email' else 'subject' end, 'candidate', ${candidateOf('u', '$1', '$5', '$8')})
    from identities i join users u on u.user_id = i.user_id
    where i.connection_id = $1 and i.status = 'expected'
      -- of another issuer the same subject may be somebody else ('': expected of whichever the connection has today)
      and (i.subject = $3 and (i.issuer = '' or rtrim(i.issuer, '/') = rtrim($2, '/')) or (i.subject is null and i.expected_email = $4))
    order by i.subject is null limit 1) end as expected,
  case when bound is null then (
    select jsonb_agg(x.candidate) from (
      select ${candidateOf('u', '$1', '$5', '$8')} || jsonb_build_object('awaits', ${AWAITED}) as candidate from users u where u.email = $4
      -- members of this organization first, then those with a password: a flood of twins elsewhere cannot push them out
      order by exists (select 1 from members m where m.organization_id = $5 and m.user_id = u.user_id) desc,
               exists (select 1 from password_credentials p where p.user_id = u.user_id) desc, u.user_id
      limit 20) x) end as by_email,
  case when bound is null then coalesce(
    (select i.issuer from identities i where i.connection_id = $1 and i.subject = $3 and i.issuer <> $2 and i.status = 'bound' limit 1),
    (select i.issuer from identities i
     where i.connection_id = $1 and i.subject = $3 and i.issuer not in ($2, '') and i.status = 'expected' limit 1)) end as former_issuer,
  case when bound is null then (
    select u.user_id from users u where u.user_id = ${knownPrefix('$1', '$2')} || '|' || $3) end as former_account,
  case when bound is null then (
    select m.user_id from moved_identities m where m.connection_id = $1 and m.issuer = $2 and m.subject = $3 limit 1) end as moved_from,
  case when bound is null then ${knownPrefix('$1', '$2')} end as known_prefix,
  case when bound is null then ${freePrefix('$7')} end as free_prefix,
  case when $9 then (select jsonb_agg(display_name) from (${groupsOf('$1', '$2', '$3')}) s) end as scim_groups
from (select (
  select ${candidateOf('u', '$1', '$5', '$8')} from identities i join users u on u.user_id = i.user_id
  where i.connection_id = $1 and i.issuer = $2 and i.subject = $3 and i.status = 'bound') as bound offset 0) recognised`;

/**
 * Leaves out operators' invitations, which are found only by their link. Attack: a client that may write users sets the
 * password of an invited account and accepts in its owner's place.
 */
const FIND_ACCOUNT = `
select ${candidateOf('u', '$3', '$2', '$4')} as candidate,
  (select jsonb_agg(${INVITATION_JSON} order by i.created_at desc) from invitations i
   where i.organization_id = $2 and i.invitee_email = u.email and i.consumed_at is null and ${ofCustomer('i.organization_id')}) as invitations,
  exists (select 1 from discovery_domains d where d.domain = split_part(u.email, '@', 2) and ${domainProved('d', '$4')}
    and d.organization_id is distinct from $2) as proved_elsewhere
from users u where u.user_id = $1`;

const FIND_PASSWORD_ACCOUNT = `
select to_jsonb(u) - 'user_metadata' - 'app_metadata' as account, p.connection_id, p.hash
from password_credentials p join users u on u.user_id = p.user_id
where p.connection_id = any ($1) and p.email = $2 order by p.connection_id limit 1`;

const FIND_CREDENTIAL =
  'select connection_id, hash from password_credentials where user_id = $1 and ($2::text is null or connection_id = $2) order by connection_id limit 1';

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function toAccount(row: Json): Account {
  const profile = {
    name: text(row.name),
    givenName: text(row.given_name),
    familyName: text(row.family_name),
    nickname: text(row.nickname),
    picture: text(row.picture),
  };
  return {
    userId: row.user_id as string,
    email: text(row.email) as Email | undefined,
    emailVerified: row.email_verified === true,
    blocked: row.blocked === true,
    profile: Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== undefined)),
  };
}

function toCandidate(row: Json, organizationId: string | undefined): Candidate {
  const account = toAccount(row);
  const membership = row.membership as Json | null;
  const bound = row.bound as Json | null;
  const awaits = row.awaits as Json | null | undefined;
  return {
    account,
    membership:
      membership && organizationId !== undefined
        ? {
            organizationId,
            userId: account.userId,
            breakGlass: membership.break_glass === true,
            usedBefore: membership.used === true,
          }
        : undefined,
    otherOrganizations: Number(row.others),
    hasPassword: row.has_password === true,
    addressProved: row.address_proved === true,
    mainConnectionId: text(row.main_connection),
    boundSubject: text(bound?.subject),
    boundIssuer: text(bound?.issuer),
    provesAgain: text(bound?.again),
    awaitedSubject: text(awaits?.subject),
    awaitedOfIssuer: text(awaits?.former),
    factorsRevision: Number(row.factors_revision),
  };
}

function toUserIdPrefix(row: Json): Candidates['userIdPrefix'] {
  const [known, free] = [text(row.known_prefix), text(row.free_prefix)];
  const prefix = known ?? free;
  return prefix === undefined ? undefined : { text: prefix, known: known !== undefined };
}

/** Implements {@link LoginReads.findCandidates}. */
export async function findCandidates(pool: Pool, query: CandidateQuery, now: Date): Promise<Candidates> {
  const rows = await run<Record<string, unknown>>(pool, { name: 'login-find-candidates', text: FIND_CANDIDATES }, [
    query.connectionId,
    query.issuer,
    query.subject,
    query.email ?? null,
    query.organizationId ?? null,
    query.email === undefined ? null : emailDomain(query.email),
    query.idPrefix,
    now,
    query.scimGroups === 'read',
  ]);
  const row = rows[0] ?? {};
  const expected = row.expected as {
    identity: string;
    again: boolean;
    by: 'subject' | 'email';
    candidate: Json;
  } | null;
  const candidate = (item: Json) => toCandidate(item, query.organizationId);
  return {
    bound: row.bound ? candidate(row.bound as Json) : undefined,
    expected: expected
      ? {
          candidate: candidate(expected.candidate),
          identityId: expected.identity,
          by: expected.by,
          ...(expected.again && expected.by === 'subject' && { provesAgain: true as const }),
        }
      : undefined,
    byEmail: ((row.by_email as Json[] | null) ?? []).map(candidate),
    invitations: ((row.invitations as Json[] | null) ?? []).map(toInvitation),
    domainProvedElsewhere: row.proved_elsewhere === true,
    formerIssuer: text(row.former_issuer),
    formerAccount: text(row.former_account),
    movedFrom: text(row.moved_from),
    userIdPrefix: toUserIdPrefix(row),
    ...(query.scimGroups && { scimGroups: (row.scim_groups as string[] | null) ?? [] }),
  };
}

/** Implements {@link LoginReads.findAccount}. */
export async function findAccount(
  pool: Pool,
  query: Parameters<LoginReads['findAccount']>[0],
  now: Date,
): ReturnType<LoginReads['findAccount']> {
  const rows = await run<{ candidate: Json; invitations: Json[] | null; proved_elsewhere: boolean }>(
    pool,
    { name: 'login-find-account', text: FIND_ACCOUNT },
    [query.userId, query.organizationId ?? null, query.connectionId, now],
  );
  const [row] = rows;
  if (!row) return undefined;
  return {
    candidate: toCandidate(row.candidate, query.organizationId),
    invitations: (row.invitations ?? []).map(toInvitation),
    domainProvedElsewhere: row.proved_elsewhere,
  };
}

/** Implements {@link LoginReads.findPasswordAccount}. */
export async function findPasswordAccount(
  pool: Pool,
  query: Parameters<LoginReads['findPasswordAccount']>[0],
): ReturnType<LoginReads['findPasswordAccount']> {
  const rows = await run<{ account: Json; connection_id: string; hash: string }>(
    pool,
    { name: 'login-find-password-account', text: FIND_PASSWORD_ACCOUNT },
    [query.connectionIds, query.email],
  );
  const [row] = rows;
  return row && { account: toAccount(row.account), credential: { connectionId: row.connection_id, hash: row.hash } };
}

/** Implements {@link LoginReads.findCredential}. */
export async function findCredential(
  pool: Pool,
  query: Parameters<LoginReads['findCredential']>[0],
): Promise<PasswordCredential | undefined> {
  const rows = await run<{ connection_id: string; hash: string }>(
    pool,
    { name: 'login-find-credential', text: FIND_CREDENTIAL },
    [query.userId, query.connectionId ?? null],
  );
  const [row] = rows;
  return row && { connectionId: row.connection_id, hash: row.hash };
}
