/**
 * Story 36 on the stage. Without a server: its judge can say no, and the phone shows what a page showed. With the demo
 * running: the story is played for real, twice, and everything is as promised; no other site can start it.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerRow } from '../../demo/ledger.js';
import {
  judgeAccount,
  judgeEnrolled,
  judgePassed,
  judgeRecovered,
  judgeRequired,
  judgeStranger,
} from '../../demo/second-factor/judge.js';
import { PhoneAndPaper } from '../../demo/second-factor/phone-and-paper.js';
import type { ToldLine } from '../../demo/second-factor/requirement.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

describe('the judge', () => {
  const TABLES = [
    ...['users', 'identities', 'members', 'member_roles', 'password_credentials', 'invitations', 'logs', 'sessions'],
    ...['outbox', 'factors', 'attempt_counters', 'organizations'],
  ];
  type Kinds = readonly string[];
  /** Rows gained by table; factors by their kinds. */
  const ledger = (gained: Readonly<Record<string, number>>, added: Kinds = [], removed: Kinds = []): LedgerRow[] =>
    TABLES.map((table) => {
      const rows = Array.from({ length: gained[table] ?? 0 }, () => ({ of: table }));
      const of = (kinds: Kinds) => kinds.map((kind) => ({ kind }));
      return table === 'factors'
        ? { table, before: removed.length, after: added.length, added: of(added), removed: of(removed) }
        : { table, before: 0, after: rows.length, added: rows, removed: [] };
    });
  const lines = (...types: string[]): ToldLine[] =>
    types.map((type) => ({ id: type, type, says: '', code: 'authenticate.factor_failed', reference: 'V', at: '' }));
  const left = (of: LedgerRow[], told: ToldLine[], inside = true) => ({ ledger: of, lines: told, inside });
  const oks = (checks: readonly { ok: boolean }[]) => checks.map(({ ok }) => ok);
  const both = ledger({ outbox: 1 }, ['otp', 'recovery-code']);

  test.each<[string, readonly { ok: boolean }[], readonly boolean[]]>([
    ['required', judgeRequired(ledger({ organizations: 1 }), true), [true]],
    ['required, and people changed', judgeRequired(ledger({ sessions: 1 }), true), [false]],
    ['not required', judgeRequired(ledger({}), false), [false]],
    [
      'set up',
      judgeEnrolled(ledger({ attempt_counters: 1 }), left(both, lines('s', 'gd_enrollment_complete'))),
      [true, true, true],
    ],
    [
      'written too early, and no mail',
      judgeEnrolled(ledger({}, ['otp']), left(ledger({}, ['otp', 'recovery-code']), lines('s'))),
      [false, false, false],
    ],
    ['passed', judgePassed(left(ledger({ sessions: 1 }), lines('gd_auth_succeed', 's'))), [true, true, true]],
    ['passed without a word', judgePassed(left(ledger({ users: 1 }), lines('s'), false)), [false, false, false]],
    ['a stranger', judgeStranger(left(ledger({ logs: 1 }), lines('f'), false), false), [true, true]],
    ['a stranger who set one up', judgeStranger(left(ledger({}, ['otp']), lines('f'), false), true), [false, false]],
    ['a stranger who got in', judgeStranger(left(ledger({ sessions: 1 }), lines('s')), false), [false, false]],
    ['two lines', judgeStranger(left(ledger({ logs: 2 }), lines('f', 'f'), false), false), [true, false]],
    [
      'recovered',
      judgeRecovered(left(ledger({}, ['recovery-code'], ['recovery-code']), lines('s', 'gd_recovery_succeed')), {
        used: 'A',
        next: 'B',
      }),
      [true, true, true],
    ],
    [
      'the code works again',
      judgeRecovered(left(ledger({}), lines('s')), { used: 'A', next: 'A' }),
      [true, false, false],
    ],
    ['cleaned up', judgeAccount(left(ledger({}), lines('slo', 'slo')), [false, false]), [true, true, true]],
    ['one stays', judgeAccount(left(ledger({}, ['otp']), lines('slo')), [false, true]), [false, false, false]],
  ])('%s', (_title, checks, expected) => {
    expect(oks(checks)).toEqual(expected);
  });
});

describe('the phone and the paper', () => {
  const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const pageOf = (copied: string) => `<p>nora@acme.example</p><button data-copy="${copied}">Copy</button>`;
  const at = 1_800_000_015_000;

  test('show what a page showed; each code is given once; a lost phone shows nothing', () => {
    const phone = new PhoneAndPaper(() => at);
    expect(() => phone.nextCode()).toThrow('no key');
    for (const page of [pageOf(SECRET), pageOf(SECRET), pageOf('A1'.repeat(12)), '<p>nothing</p>']) phone.read(page);
    const code = (step: number) => new TOTP({ secret: SECRET }).generate({ timestamp: at + step * 30_000 });
    expect(phone.codes()).toEqual([{ account: 'nora@acme.example', code: code(0) }]);
    expect([phone.nextCode(), phone.nextCode()]).toEqual([code(0), code(1)]);
    expect(phone.secondsLeft()).toBe(15);
    expect(phone.recoveryCode()).toBe('A1'.repeat(12));
    phone.losePhone();
    expect([phone.codes(), phone.recoveryCode()]).toEqual([[], 'A1'.repeat(12)]);
    phone.forget();
    expect(phone.recoveryCode()).toBeUndefined();
  });
});

describe('played', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'story-36-'));
  let database: TestDatabase;
  let demo: DemoProcess;
  const stage = () => demo.addresses.stage ?? '';
  const page = async () => (await fetch(`${stage()}/second-factor`)).text();
  const press = (origin: string, what = 'play') =>
    fetch(`${stage()}/second-factor/${what}`, { method: 'POST', redirect: 'manual', headers: { origin } });

  beforeAll(async () => {
    database = await createTestDatabase();
    demo = await startDemo({
      PORT: String(await findFreePort()),
      DATABASE_URL: database.url,
      VESTIBULE_DATA_DIR: dataDir,
      VESTIBULE_SECRET_KEY: randomBytes(32).toString('base64'),
    });
  }, 240_000);
  afterAll(async () => {
    await demo?.stop();
    await database?.drop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('everything is as promised, the first time and again', async () => {
    expect(await page()).toContain('No line yet.');
    for (const round of [1, 2]) {
      expect((await press(stage())).headers.get('location')).toBe('/second-factor');
      await expect.poll(page, { timeout: 120_000, interval: 300 }).toContain('data-playing="no"');
      const text = await page();
      const states = [...text.matchAll(/<li class="step"[^>]*data-state="(\w+)"/g)].map(([, state]) => state);
      const broken = [...text.matchAll(/class="(?:broken|problem)"[\s\S]*?<\/(?:li|p)>/g)].map(([part]) => part);
      expect({ round, states, broken }).toEqual({
        round,
        states: Array.from({ length: 6 }, () => 'done'),
        broken: [],
      });
      expect(text).toContain('Acme requires none now.');
      expect(text).toContain('authenticate.factor_failed');
    }
  }, 300_000);

  test('another site cannot start it, or take the phone', async () => {
    for (const what of ['play', 'require', 'lose', 'stranger', 'none'])
      expect((await press('http://evil.example', what)).status).toBe(403);
  });
});
