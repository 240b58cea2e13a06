/**
 * The rows of a tenant with thousands of people, put beside what a test has already: for judging plans, which depend on how much is
 * there. Nothing in them has to work; everything in them has to be in the way. For tests only.
 */
import type pg from 'pg';

/** How much there is of what grows. */
export interface LargeTenant {
  readonly people: number;
  readonly companies: number;
}

const USUAL: LargeTenant = { people: 12_000, companies: 5_000 };

/** `n` of a person, from 1. */
const each = (count: number) => `from generate_series(1, ${count}) n`;
const hash = `sha256(n::text::bytea)`;

/** In the order in which they refer to each other. Every table that grows with people, companies or time. */
function fill({ people, companies }: LargeTenant): readonly string[] {
  const company = `'org_L' || (n % ${companies} + 1)`;
  const connection = `'con_L' || (n % ${companies} + 1)`;
  return [
    `insert into organizations (id, name, created_at, updated_at) select 'org_L' || n, 'large-' || n, now(), now() ${each(companies)}`,
    `insert into connections (id, name, strategy, revision, domain_aliases, created_at, updated_at)
    select 'con_L' || n, 'large-' || n, 'oidc', 'r', array['large' || n || '.example'], now(), now() ${each(companies)}`,
    `insert into clients (client_id, name, created_at, updated_at) select 'cli_L' || n, 'large', now(), now() ${each(companies)}`,
    `insert into resource_servers (id, identifier, created_at) select 'rs_L' || n, 'urn:large:' || n, now() ${each(companies)}`,
    `insert into client_grants (client_id, audience, id, created_at)
    select 'cli_L' || n, 'urn:large:' || n, 'cgr_L' || n, now() ${each(companies)}`,
    `insert into organization_client_grants (organization_id, grant_id, created_at)
    select 'org_L' || n, g, now() ${each(companies)}, unnest(case when n = 1 then '{cgr_L1}' else array['cgr_L1', 'cgr_L' || n] end) g`,
    `insert into organization_clients (organization_id, client_id, use_for_member_access, created_at)
    select 'org_L' || n, 'cli_L' || n, true, now() ${each(companies)}`,
    `insert into roles (id, name, created_at) select 'rol_L' || n, 'large-' || n, now() ${each(companies)}`,
    `insert into connection_clients (connection_id, client_id) select 'con_L' || n, 'cli_L' || n ${each(companies)}`,
    `insert into organization_connections (organization_id, connection_id, revision, created_at)
    select 'org_L' || n, 'con_L' || n, 'r', now() ${each(companies)}`,
    `insert into discovery_domains (organization_id, id, domain, status, verification_txt, created_at)
    select 'org_L' || n, 'dom_L' || n, 'large' || n || '.example', 'verified', 't', now() ${each(companies)}`,
    `insert into user_id_prefixes (connection_id, issuer, prefix, created_at)
    select 'con_L' || n, 'https://idp' || n || '.example', 'oidc|large-' || n || '|', now() ${each(companies)}`,
    `insert into users (user_id, email, created_at, updated_at)
    select 'auth0|L' || n, 'p' || n || '@large' || (n % ${companies} + 1) || '.example', now(), now() ${each(people)}`,
    `insert into identities (user_id, id, connection_id, status, issuer, subject, created_at)
    select 'auth0|L' || n, 'ide_L' || n, ${connection}, 'bound', 'https://idp.example', 's' || n, now() ${each(people)}`,
    `insert into identities (user_id, id, connection_id, status, expected_email, created_at)
    select 'auth0|L' || n, 'exp_L' || n, ${connection}, 'expected', 'e' || n || '@x.example', now() ${each(people / 4)}`,
    `insert into password_credentials (user_id, connection_id, email, hash, changed_at)
    select 'auth0|L' || n, c.id, 'p' || n || '@large.example', '$argon2id$v=19$m=19456,t=2,p=1$x', now() ${each(people)}, (select id from connections where strategy = 'auth0' limit 1) c`,
    `insert into factors (user_id, id, kind, credential_id, created_at, confirmed_at)
    select 'auth0|L' || n, 'fac_L' || n, 'webauthn-roaming', 'cred_L' || n, now(), now() ${each(people)}`,
    `insert into members (organization_id, user_id, via, created_at) select ${company}, 'auth0|L' || n, 'invited', now() ${each(people)}`,
    `insert into member_roles (organization_id, user_id, role_id)
    select ${company}, 'auth0|L' || n, 'rol_L' || (n % ${companies} + 1) ${each(people)}`,
    `insert into role_permissions (role_id, resource_server_id, permission)
    select 'rol_L' || n, 'rs_L' || n, 'read' ${each(companies)}`,
    `insert into user_roles (user_id, role_id, created_at)
    select 'auth0|L' || n, 'rol_L' || (n % ${companies} + 1), now() ${each(people)}`,
    `insert into user_permissions (user_id, resource_server_id, permission)
    select 'auth0|L' || n, 'rs_L' || (n % ${companies} + 1), 'read' ${each(people)}`,
    `insert into invitations (organization_id, id, ticket_hash, ticket_sealed, client_id, inviter_name, invitee_email, created_at, expires_at)
    select ${company}, 'inv_L' || n, ${hash}, '', 'cli_L1', 'x', 'i' || n || '@large.example', now(), now() ${each(people)}`,
    `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at)
    select 'auth0|L' || n, ${hash}, 'ses_L' || n, ${connection}, now(), now(), now(), now() ${each(people)}`,
    `insert into refresh_tokens (user_id, token_hash, family_id, client_id, organization_id, connection_id, scope, authenticated_at, created_at, expires_at, idle_expires_at)
    select 'auth0|L' || n, ${hash}, 'fam_L' || n, 'cli_L1', ${company}, ${connection}, '', now(), now(), now(), now() ${each(people)}`,
    `insert into authorization_codes (user_id, code_hash, client_id, organization_id, redirect_uri, scope, authenticated_at, connection_id, created_at, expires_at, family_id)
    select 'auth0|L' || n, ${hash}, 'cli_L1', ${company}, '', '', now(), ${connection}, now(), now(), 'fam_L' || n ${each(people)}`,
    `insert into tickets (user_id, ticket_hash, purpose, email, created_at, expires_at)
    select 'auth0|L' || n, ${hash}, 'password', 'x@large.example', now(), now() ${each(people)}`,
    `insert into login_receipts (organization_id, transaction_id, expires_at) select ${company}, 'tx_L' || n, now() ${each(people)}`,
    `insert into logs (organization_id, log_id, date, type) select ${company}, 'log_L' || n, now(), 's' ${each(people)}`,
    `insert into attempt_counters (key_hash, count, expires_at) select ${hash}, 1, now() ${each(people)}`,
    `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at, sent_at)
    select 'out_L' || n, 'x', 'x', '', now(), now(), now() ${each(people)}`,
    `insert into action_jobs (id, trigger, event_sealed, created_at, next_attempt_at) select 'job_L' || n, 'x', '', now(), now() + interval '9 years' ${each(people)}`,
  ];
}

const tableOf = (statement: string) => /insert into (\w+)/.exec(statement)?.[1] ?? '';

/** The tables that are filled: those whose rows no login may go through. */
export const GROWING: ReadonlySet<string> = new Set(fill(USUAL).map(tableOf));

/**
 * Takes the statistics away, as if nobody had ever analysed anything; nothing but `analyze` gives these tables any from now on. Writes to
 * the catalogue: for a database of a test's own, as its superuser.
 */
export async function takeStatistics(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  for (const { name } of rows) {
    await pool.query(`alter table ${name} set (autovacuum_enabled = false)`);
    await pool.query('delete from pg_statistic where starelid = $1::regclass', [name]);
    await pool.query('update pg_class set reltuples = -1, relpages = 0 where oid = $1::regclass', [name]);
  }
}

/** Runs statements that may take longer than a server's may: on a busy machine a table of this size takes its time. */
export async function runUnlimited(pool: pg.Pool, statements: readonly string[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('set statement_timeout = 0');
    // The server's start has written to some of these tables: its plans for foreign keys go through all rows of a table that was empty then.
    await client.query('discard plans');
    // The driver has a limit of its own, which a query may name.
    for (const text of statements) await client.query({ text, query_timeout: 600_000 } as pg.QueryConfig);
    await client.query('reset statement_timeout');
  } finally {
    client.release();
  }
}

/** Fills the tables, or `only` these. A password connection has to be there. */
export async function fillLargeTenant(
  pool: pg.Pool,
  size: LargeTenant = USUAL,
  only: ReadonlySet<string> = GROWING,
): Promise<void> {
  await runUnlimited(
    pool,
    fill(size).filter((statement) => only.has(tableOf(statement))),
  );
}
