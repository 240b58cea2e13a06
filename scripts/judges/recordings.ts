/**
 * `npx tsx scripts/judges/recordings.ts DIRECTORY [TEXT]`: replays recorded requests to Auth0's Management API against
 * a fresh server, in order, with this server's ids in place of the recorded ones. The recordings are cassettes of
 * go-vcr, as Auth0's provider for Terraform has them in `test/data/recordings`; they are not part of this project.
 * Prints each difference, and for each resource how many steps got the recorded status and every recorded property. The
 * tenant begins with the settings in the first recorded answer. TEXT selects files by name. Leaves nothing.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { escapeIdentifier, type Pool } from 'pg';
import { pino } from 'pino';
import { findFreePort } from '../../bench/processes.js';
import { startServer } from '../../src/compose/server.js';
import { parseConfig } from '../../src/config/config.js';
import { type Snapshot, snapshotTables } from '../../test/support/database.js';
import { collectIds, isMadeId, parseCassette, propertiesOf, type Step, withIds } from './cassettes.js';
import { collectMade, stepsBefore, withoutFormer } from './recorded-tenant.js';

const MACHINE = { client_id: 'recordings', client_secret: 'recordings-secret-of-a-local-run' };
/** The database connection with which every tenant of Auth0 begins. In the recordings it has usernames. */
const FIRST_CONNECTION = {
  name: 'Username-Password-Authentication',
  strategy: 'auth0',
  options: { requires_username: true },
};

/** Properties that this server does not show, with the reason. A step that lacks only these counts as equal. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/signing_keys\[\]\.(pkcs7|subject)$/, 'older forms of the certificate in signing_keys[].cert'],
  [/options\.client_secret$/, 'the secret of a connection is shown in one answer alone (ADR 0049)'],
  [/sink\.httpAuthorization$/, 'answers to a change of a log stream show no secret'],
];

/** The same for properties that the request did not send and Auth0 adds. */
const NOT_ADDED: typeof KNOWN = [
  [
    /^flags\.(allow_other_legacy_grant_types|cannot_change_enforce_client_authentication_on_passwordless_start|dashboard_new_onboarding|enable_custom_domain_in_emails|enable_legacy_logs_search_v2|new_universal_login_experience_enabled|non_oidc_conformant_updated_at|require_signed_request_object)$/,
    'flags of older tenants, which no request may set',
  ],
  [/^flags\.enforce_client_authentication_on_passwordless_start$/, 'sign-ins without a password are not there'],
  [
    /^(change_password|guardian_mfa_page)\.enabled$/,
    "a page of one's own that is switched off is shown as {}, and deploy-cli's import comes out as it went in",
  ],
  [/^universal_login\.is_custom_(theme|template)_set$/, 'resources of their own under /branding'],
  [
    /options\.(passwordPolicy|password_options\.complexity\.min_length)$/,
    'without a policy a password is judged more strictly here than by any word of Auth0 that a new connection gets',
  ],
  [
    /options\.oidc_metadata\b/,
    "the provider's document is read when somebody signs in, so that no old copy of its keys and addresses is used",
  ],
];

/**
 * Names of functions that are replaced before sending: Auth0's triggers never call the recorded ones, and this server
 * deploys no Action without a handler.
 */
const MENDED = [['exports.onContinuePostLogin', 'exports.onExecutePostLogin']] as const;

interface Tally {
  /** Number of steps that were played. */
  steps: number;
  agreed: number;
  /** Steps about objects that an earlier step could not create. They are not played. */
  followed: number;
  readonly differences: Map<string, number>;
}

async function replay(origin: string, token: string, step: Step, ids: Map<string, string>) {
  const recorded = step.sent === undefined ? undefined : withIds(JSON.stringify(step.sent), ids);
  const sent = recorded && MENDED.reduce((text, [from, to]) => text.replaceAll(from, to), recorded);
  const response = await fetch(`${origin}/api/v2${withIds(step.path, ids)}`, {
    method: step.method,
    headers: { authorization: `Bearer ${token}`, ...(sent !== undefined && { 'content-type': 'application/json' }) },
    ...(sent !== undefined && step.method !== 'GET' && { body: sent }),
  });
  const text = await response.text();
  const body: unknown = text === '' ? undefined : JSON.parse(text);
  collectIds(step.answered, body, ids);
  return { status: response.status, body };
}

/** Returns the differences of a step. Errors are compared by status, not by text. */
function differencesOf(
  step: Step,
  ours: { readonly status: number; readonly body: unknown },
  made: ReadonlySet<string>,
): readonly string[] {
  if (ours.status !== step.status) {
    const message = (ours.body as { message?: string } | undefined)?.message ?? '';
    return [`${step.method} is ${ours.status}, recorded ${step.status}${message && `: ${message.slice(0, 120)}`}`];
  }
  if (step.status >= 400) return [];
  const has = new Set(propertiesOf(ours.body));
  const sent = new Set(propertiesOf(step.sent));
  const isKnown = (name: string) =>
    (sent.has(name) ? KNOWN : [...KNOWN, ...NOT_ADDED]).some(([known]) => known.test(name));
  const lacks = propertiesOf(withoutFormer(step.answered, made)).filter((name) => !has.has(name) && !isKnown(name));
  return lacks.map((name) => `${step.method} lacks ${name}`);
}

/** Returns the parts of the path that are not ids: `organizations/members/roles`. */
function resourceOf(path: string): string {
  const parts = (path.split('?')[0] ?? '').split('/').filter((part) => part !== '');
  return parts.filter((part, index) => index === 0 || /^[a-z-]+(_[a-z]+)*$/.test(part)).join('/');
}

/** Collects the ids of objects that could not be created, so that later steps about them are skipped. */
function collectMissing(step: Step, missing: Set<string>): void {
  for (const value of Object.values(Object(step.answered))) if (isMadeId(value)) missing.add(value);
}

async function replayFile(origin: string, token: string, file: string, tallies: Map<string, Tally>): Promise<void> {
  const ids = new Map<string, string>();
  const missing = new Set<string>();
  const made = new Set<string>();
  const steps = parseCassette(readFileSync(file, 'utf8'));
  for (const step of stepsBefore(steps)) await replay(origin, token, step, ids);
  for (const step of steps) {
    if (step.method !== 'GET') collectMade(step.answered, made);
    const resource = resourceOf(step.path);
    const tally = tallies.get(resource) ?? { steps: 0, agreed: 0, followed: 0, differences: new Map<string, number>() };
    tallies.set(resource, tally);
    const asked = decodeURIComponent(step.path) + JSON.stringify(step.sent ?? '');
    if ([...missing].some((id) => asked.includes(id))) {
      tally.followed += 1;
      if (step.method === 'POST' && step.status < 400) collectMissing(step, missing);
      continue;
    }
    const ours = await replay(origin, token, step, ids);
    const differences = differencesOf(step, ours, made);
    if (step.method === 'POST' && step.status < 400 && ours.status >= 400) collectMissing(step, missing);
    if (process.env.JUDGE_STEPS && differences.length > 0)
      process.stdout.write(`${basename(file)} ${step.method} ${step.path}: ${differences.join('; ')}\n`);
    tally.steps += 1;
    if (differences.length === 0) tally.agreed += 1;
    for (const line of differences) tally.differences.set(line, (tally.differences.get(line) ?? 0) + 1);
  }
}

function print(tallies: ReadonlyMap<string, Tally>): void {
  for (const [resource, tally] of [...tallies].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { steps, agreed, followed, differences } = tally;
    process.stdout.write(`${resource}: ${agreed} of ${steps}${followed > 0 ? `, and ${followed} that follow` : ''}\n`);
    for (const [line, count] of [...differences].sort((a, b) => b[1] - a[1]))
      process.stdout.write(`    ${count} x ${line}\n`);
  }
  const sum = (name: 'steps' | 'agreed' | 'followed') =>
    [...tallies.values()].reduce((total, tally) => total + tally[name], 0);
  process.stdout.write(`${sum('agreed')} of ${sum('steps')} steps agree; ${sum('followed')} follow from others\n`);
}

/** Columns of a table that are not computed. */
const COLUMNS = `select string_agg(quote_ident(column_name), ', ') as list from information_schema.columns
  where table_schema = 'public' and table_name = $1 and is_generated = 'NEVER'`;

/** Restores every table, so that each recording begins with a fresh tenant. */
async function restoreTables(pool: Pool, rows: Snapshot): Promise<void> {
  const client = await pool.connect();
  const toName = (table: string) => `public.${escapeIdentifier(table)}`;
  try {
    await client.query('begin');
    // Skips foreign keys while the rows are inserted.
    await client.query('set local session_replication_role = replica');
    await client.query(`truncate ${Object.keys(rows).map(toName).join(', ')}`);
    for (const [table, texts] of Object.entries(rows)) {
      const [columns] = (await client.query<{ list: string }>(COLUMNS, [table])).rows;
      const from = `jsonb_populate_recordset(null::${toName(table)}, $1)`;
      const into = `insert into ${toName(table)} (${columns?.list}) overriding system value`;
      if (texts.length > 0)
        await client.query(`${into} select ${columns?.list} from ${from}`, [`[${texts.join(',')}]`]);
    }
    await client.query('commit');
  } finally {
    client.release();
  }
}

async function getToken(origin: string): Promise<string> {
  const grant = { grant_type: 'client_credentials', audience: `${origin}/api/v2/`, ...MACHINE };
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${origin}/oauth/token`, { method: 'POST', headers, body: JSON.stringify(grant) });
  return ((await response.json()) as { access_token: string }).access_token;
}

const [directory, chosen = ''] = process.argv.slice(2);
if (directory === undefined) throw new Error('Give the directory of the recordings.');
const files = readdirSync(directory).filter((name) => name.endsWith('.yaml') && name.includes(chosen));
const work = mkdtempSync(join(tmpdir(), 'vestibule-recordings-'));
const config = parseConfig({
  PORT: String(await findFreePort()),
  VESTIBULE_DATA_DIR: join(work, 'data'),
  VESTIBULE_MANAGEMENT_CLIENT_ID: MACHINE.client_id,
  VESTIBULE_MANAGEMENT_CLIENT_SECRET: MACHINE.client_secret,
  VESTIBULE_LOG_LEVEL: 'fatal',
});
const server = await startServer(config, { logger: pino({ level: config.logLevel }) });
try {
  const token = await getToken(server.origin);
  const first = { method: 'POST', path: '/connections', sent: FIRST_CONNECTION, status: 201, answered: {} };
  await replay(server.origin, token, first, new Map());
  const tallies = new Map<string, Tally>();
  const rows = await snapshotTables(server.pool);
  for (const file of files.sort()) {
    await replayFile(server.origin, token, join(directory, file), tallies);
    await restoreTables(server.pool, rows);
  }
  print(tallies);
} finally {
  await server.close();
  rmSync(work, { recursive: true, force: true });
}
