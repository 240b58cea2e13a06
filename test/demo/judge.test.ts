/** The stage's verdicts can be "not as promised": each judgement is shown a ledger that breaks it. */
import { describe, expect, test } from 'vitest';
import { compare, type LedgerRow, type Snapshot } from '../../demo/ledger.js';
import {
  endsUnprovedPassword,
  gains,
  invitationUsed,
  isRefused,
  keepsPassword,
  keepsSeat,
  nothingButTheLog,
  nothingIsLeft,
  onlyMembershipGone,
  onlyTheMail,
  readAnswer,
  sameUser,
  staysMember,
} from '../../demo/stage/judge.js';
import type { Seen } from '../../demo/stage/stories.js';

const TABLES = [
  'users',
  'identities',
  'members',
  'member_roles',
  'password_credentials',
  'invitations',
  'sessions',
  'outbox',
  'attempt_counters',
  'logs',
];

type Rows = Readonly<Record<string, readonly object[]>>;

function picture(rows: Rows): Snapshot {
  return new Map(TABLES.map((table) => [table, new Map((rows[table] ?? []).map((row) => [JSON.stringify(row), 1]))]));
}

function ledger(before: Rows, after: Rows): readonly LedgerRow[] {
  return compare(picture(before), picture(after));
}

describe('refused', () => {
  const page = (error: string, reference: string) =>
    `<h1>You are not signed in</h1> <dl><dt>Answer</dt><dd><code>${error}</code></dd> <dt>Reason</dt><dd>no</dd>
      <dt>Reference</dt><dd><code>${reference}</code></dd></dl>`;
  const line = { log_id: 'l', type: 'f', details: { code: 'admit.not_a_member', reference: 'V-7KQ2-M9XT' } };
  const refused = { end: 'not-in', told: readAnswer(page('access_denied', 'V-7KQ2-M9XT')), login: line } as const;
  const judge = (seen: Partial<Pick<Seen, 'end' | 'told' | 'login'>>) =>
    isRefused({ ...refused, ...seen } as Seen, 'Sam', 'admit.not_a_member').ok;

  test('by the rule, with access_denied and the number of the line in the log', () => {
    expect(judge({})).toBe(true);
  });

  test.each<[string, Partial<Pick<Seen, 'end' | 'told' | 'login'>>]>([
    ['he is in', { end: 'inside' }],
    ['any other error', { told: readAnswer(page('server_error', 'V-7KQ2-M9XT')) }],
    ['no number', { told: readAnswer('<dt>Answer</dt><dd><code>access_denied</code></dd>') }],
    ['the number of another line', { told: readAnswer(page('access_denied', 'V-AAAA-AAAA')) }],
    ['another rule', { login: { ...line, details: { ...line.details, code: 'authenticate.idp_invalid' } } }],
    ['no line at all', { login: undefined }],
    ['no line and no number', { login: undefined, told: { error: 'access_denied', reference: undefined } }],
    ['a page that is no answer', { told: readAnswer('<h1>Internal Server Error</h1>') }],
  ])('%s: not as promised', (_name, seen) => {
    expect(judge(seen)).toBe(false);
  });
});

test('a stranger who leaves a user, a changed row or no line in the log breaks the promise', () => {
  const line = { logs: [{ log_id: 'a' }] };
  expect(nothingIsLeft(ledger({}, line)).ok).toBe(true);
  expect(nothingIsLeft(ledger({}, {})).ok).toBe(false);
  expect(nothingIsLeft(ledger({}, { ...line, users: [{ user_id: 'sam' }] })).ok).toBe(false);
  const changed = ledger(
    { members: [{ user_id: 'd', used: null }] },
    { ...line, members: [{ user_id: 'd', used: 1 }] },
  );
  expect(nothingIsLeft(changed).ok).toBe(false);
});

test('a proof that is asked for may leave its mail and its counter, and no session', () => {
  const mail = { outbox: [{ id: 'm' }], attempt_counters: [{ key: 'k' }] };
  expect(onlyTheMail(ledger({}, mail)).ok).toBe(true);
  expect(onlyTheMail(ledger({}, { ...mail, sessions: [{ id: 's' }] })).ok).toBe(false);
});

test('gains are exact: a second user is one too many', () => {
  const bound = { identities: [{ user_id: 'dana', status: 'bound' }] };
  expect(gains(ledger({}, bound), '', { identities: 1 }).ok).toBe(true);
  expect(gains(ledger({}, { ...bound, users: [{ user_id: 'new' }] }), '', { identities: 1 }).ok).toBe(false);
  expect(sameUser(ledger({}, bound), 'dana').ok).toBe(true);
  expect(sameUser(ledger({}, bound), 'another').ok).toBe(false);
  expect(sameUser(ledger({}, bound), undefined).ok).toBe(false);
});

test('a lost role, a changed password and an invitation that nobody used are seen', () => {
  expect(keepsPassword(ledger({}, {})).ok).toBe(true);
  expect(keepsPassword(ledger({ member_roles: [{ role: 'editor' }] }, {})).ok).toBe(false);
  expect(
    keepsPassword(ledger({ password_credentials: [{ hash: 'a' }] }, { password_credentials: [{ hash: 'b' }] })).ok,
  ).toBe(false);
  const open = { invitations: [{ id: 'i', consumed_by: null }] };
  expect(invitationUsed(ledger(open, open)).ok).toBe(false);
  expect(invitationUsed(ledger(open, { invitations: [{ id: 'i', consumed_by: 'ivy' }] })).ok).toBe(true);
});

test('a password that nobody proved has to end, and not to be another one', () => {
  const old = { password_credentials: [{ hash: '$argon2id$a' }] };
  expect(endsUnprovedPassword(ledger(old, { password_credentials: [{ hash: '!' }] })).ok).toBe(true);
  expect(endsUnprovedPassword(ledger(old, old)).ok).toBe(false);
  expect(endsUnprovedPassword(ledger(old, { password_credentials: [{ hash: '$argon2id$b' }] })).ok).toBe(false);
  const lost = ledger({ ...old, member_roles: [{ role: 'editor' }] }, { password_credentials: [{ hash: '!' }] });
  expect(endsUnprovedPassword(lost).ok).toBe(false);
});

test('in Auth0’s order a stranger who is denied has to have stayed, and a clean-up to have taken the membership alone', () => {
  const stayed = { users: [{ user_id: 'sam' }], identities: [{ user_id: 'sam' }], members: [{ user_id: 'sam' }] };
  const { members: _taken, ...cleaned } = stayed;
  expect(staysMember(ledger({}, stayed)).ok).toBe(true);
  expect(staysMember(ledger({}, cleaned)).ok).toBe(false);
  expect(onlyMembershipGone(ledger({}, cleaned)).ok).toBe(true);
  expect(onlyMembershipGone(ledger({}, stayed)).ok).toBe(false);
  expect(onlyMembershipGone(ledger({ members: [{ user_id: 'dana' }] }, cleaned)).ok).toBe(false);
});

test('a seat or a role that is lost is seen, and so is what an Action left besides lines in the log', () => {
  const seat = { members: [{ user_id: 'dana' }], member_roles: [{ role: 'editor' }] };
  expect(keepsSeat(ledger(seat, { ...seat, identities: [{ user_id: 'dana' }] }), 'Dana').ok).toBe(true);
  expect(keepsSeat(ledger(seat, { members: seat.members }), 'Dana').ok).toBe(false);
  expect(keepsSeat(ledger(seat, { member_roles: seat.member_roles }), 'Dana').ok).toBe(false);
  const lines = { logs: [{ log_id: 'a' }, { log_id: 'b' }] };
  expect(nothingButTheLog(ledger({}, lines), '').ok).toBe(true);
  expect(nothingButTheLog(ledger({}, {}), '').ok).toBe(false);
  expect(nothingButTheLog(ledger({}, { ...lines, users: [{ user_id: 'sam' }] }), '').ok).toBe(false);
});
