/**
 * "Nothing or everything": what a login that was cut off left behind is compared, table by table, with what the same login
 * leaves when nothing is wrong. Anything between the two is half a login.
 */
import { expect } from 'vitest';
import { diffSnapshots, type Snapshot } from './database.js';
import { HttpBrowser, type Visit } from './http-browser.js';
import { ALWAYS_LEFT, LEFT_BY_SECRETS } from './nothing-left.js';
import { referenceOf, wordsOf } from './stage.js';

type Row = Record<string, unknown>;

/** The content of a row without ids, secrets and times. A table that is not named counts by its number of rows. */
const MEANING: Readonly<Record<string, (row: Row) => unknown>> = {
  users: (row) => [row.email_verified, row.logins_count, row.last_login_at !== null, row.factors_revision],
  identities: (row) => [row.connection_id, row.status, row.bound_by, row.is_primary],
  members: (row) => [row.organization_id, row.via, row.first_used_at !== null, row.first_login_at !== null],
  member_roles: (row) => [row.organization_id, row.role_id],
  invitations: (row) => [row.consumed_at !== null, row.consumed_by !== null],
  password_credentials: (row) => [row.connection_id],
  factors: (row) => [row.kind, row.vouched_by, row.confirmed_at !== null],
  sessions: (row) => [row.connection_id],
  authorization_codes: (row) => [row.client_id, row.organization_id, row.used_at !== null],
  refresh_tokens: (row) => [row.client_id, row.rotated_at !== null, row.revoked_at !== null],
  logs: (row) => [row.type],
};

/**
 * Counters and mail come and go with the tries, not with the login. The beginning of user ids is written with the first person of a
 * connection and never again, so one login leaves it and the same login of the next person does not.
 */
const NOT_THE_LOGIN = new Set([...Object.keys(LEFT_BY_SECRETS), 'user_id_prefixes']);

export type Footprint = Readonly<Record<string, readonly string[]>>;

/** Returns the changes between two pictures, by table: `+` and `-` and what the row says. */
export function footprintOf(before: Snapshot, after: Snapshot): Footprint {
  const footprint: Record<string, string[]> = {};
  for (const [table, { added, removed }] of Object.entries(diffSnapshots(before, after))) {
    if (NOT_THE_LOGIN.has(table)) continue;
    const meaning = MEANING[table] ?? (() => '');
    const lines = (rows: readonly unknown[], sign: string) =>
      rows.map((row) => `${sign}${JSON.stringify(meaning(row as Row))}`);
    footprint[table] = [...lines(removed, '-'), ...lines(added, '+')].sort();
  }
  return footprint;
}

/** Which of the two it is; fails with the tables when it is neither. `whole` is the footprint of the undisturbed login. */
export function judge(
  before: Snapshot,
  after: Snapshot,
  whole: Footprint,
  involved: 'identity' | 'secret',
): 'nothing' | 'everything' {
  const allowed = { ...ALWAYS_LEFT, ...(involved === 'secret' && LEFT_BY_SECRETS) };
  const left = Object.keys(diffSnapshots(before, after)).filter((table) => !(table in allowed));
  const footprint = footprintOf(before, after);
  if (left.length === 0) {
    // The line of a mailed code is that of the mail.
    const lines = (footprint.logs ?? []).filter((line) => !/"(f|fp|fi|gd_send_email)"/.test(line));
    expect(lines, 'the log tells of a login that left nothing').toEqual([]);
    return 'nothing';
  }
  expect(footprint, 'half a login is left').toEqual(whole);
  return 'everything';
}

/** Tables of which a second try must not leave a second row. */
const ONCE = [
  'users',
  'identities',
  'members',
  'member_roles',
  'invitations',
  'password_credentials',
  'factors',
] as const;

/** However often it took: one user, one identity, one membership, each role once, the invitation used once. */
export function expectOnce(before: Snapshot, after: Snapshot, whole: Footprint): void {
  const counts = (footprint: Footprint) => Object.fromEntries(ONCE.map((table) => [table, footprint[table]?.length]));
  const footprint = footprintOf(before, after);
  expect(counts(footprint), 'not exactly once').toEqual(counts(whole));
}

/** Thrown when the server answered with its own failure. */
export class Stopped extends Error {
  constructor(readonly visit: Visit) {
    super(`stopped at ${visit.url.href}: ${visit.status} ${wordsOf(visit).slice(0, 300)}`);
  }
}

/** A browser whose person stops at the first page that says that something failed. */
export class WatchfulBrowser extends HttpBrowser {
  override async visit(...args: Parameters<HttpBrowser['visit']>): Promise<Visit> {
    const page = await super.visit(...args);
    if (page.status >= 500) throw new Stopped(page);
    return page;
  }
}

/** A page that a person can do something with: what happened, what to do, a reference; nothing of the inside. */
export function expectClearPage({ visit }: Stopped): void {
  expect([500, 502, 503, 504]).toContain(visit.status);
  expect(wordsOf(visit)).toMatch(/start again|try again|Try again/);
  expect(referenceOf(visit)).toMatch(/^V-/);
  expect(visit.text).not.toMatch(
    /node:internal|\.[jt]s:\d+|at async|select |insert into|Connection terminated|SQLSTATE/,
  );
}
