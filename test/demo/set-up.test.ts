/**
 * Story 15 on the stage. Without a server: its judge can say no. With the demo running: the story is played for real, twice, and everything is as
 * promised; no other site can start it.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerRow } from '../../demo/ledger.js';
import { isRefused, isSame, judgeOff, judgeTicket, judgeTried, judgeTyped } from '../../demo/set-up/judge.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

describe('the judge', () => {
  const TABLES = [
    ...['users', 'identities', 'members', 'member_roles', 'password_credentials', 'logs', 'sessions'],
    ...['connections', 'organization_connections', 'connection_setups'],
  ];
  const ledger = (gained: Readonly<Record<string, number>>): readonly LedgerRow[] =>
    TABLES.map((table) => {
      const added = Array.from({ length: gained[table] ?? 0 }, () => ({ of: table }));
      return { table, before: 0, after: added.length, added, removed: [] };
    });
  const oks = (checks: readonly { ok: boolean }[]) => checks.map(({ ok }) => ok);
  const inside = { inside: true, reason: undefined, userId: 'u', roles: ['editor'] };

  test.each<[string, readonly { ok: boolean }[], readonly boolean[]]>([
    ['a link', judgeTicket(ledger({ connection_setups: 1, logs: 1 })), [true]],
    ['a link that wrote more', judgeTicket(ledger({ connection_setups: 1, connections: 1 })), [false]],
    ['typed', judgeTyped(ledger({ connections: 1, logs: 1 }), true, false), [true, true]],
    ['typed, and led', judgeTyped(ledger({ connections: 1 }), true, true), [true, false]],
    [
      'typed, and enabled',
      judgeTyped(ledger({ connections: 1, organization_connections: 1 }), false, false),
      [false, false],
    ],
    [
      'tried',
      judgeTried(ledger({ logs: 2 }), 'you can sign in once it is switched on', 'You are not a member yet'),
      [true, true, true],
    ],
    ['tried, and left a user', judgeTried(ledger({ users: 1 }), 'would not', 'comes in'), [false, false, false]],
    ['another user', [isSame('Ann', { ...inside, userId: 'v' }, 'u')], [false]],
    ['nobody expected', [isSame('Ann', { ...inside, userId: undefined }, undefined)], [false]],
    ['no role', [isSame('Ann', { ...inside, roles: [] }, 'u')], [false]],
    ['the same', [isSame('Ann', inside, 'u')], [true]],
    ['in', [isRefused(ledger({}), inside)], [false]],
    [
      'refused, and left a session',
      [isRefused(ledger({ sessions: 1 }), { ...inside, inside: false, reason: 'no' })],
      [false],
    ],
    ['refused', [isRefused(ledger({ logs: 1 }), { ...inside, inside: false, reason: 'no' })], [true]],
    ['off', judgeOff(ledger({ identities: 2 }), false), [true, true]],
    ['off, and led', judgeOff(ledger({ identities: 2, members: 1 }), true), [false, false]],
  ])('%s', (_title, checks, expected) => {
    expect(oks(checks)).toEqual(expected);
  });
});

describe('played', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'story-15-'));
  let database: TestDatabase;
  let demo: DemoProcess;
  const stage = () => demo.addresses.stage ?? '';
  const page = async () => (await fetch(`${stage()}/set-up`)).text();
  const press = (origin: string) =>
    fetch(`${stage()}/set-up/play`, {
      method: 'POST',
      redirect: 'manual',
      headers: { origin },
      body: new URLSearchParams({ pace: '0' }),
    });

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
    expect(await page()).toContain('No page yet.');
    for (const round of [1, 2]) {
      expect((await press(stage())).headers.get('location')).toBe('/set-up');
      await expect.poll(page, { timeout: 120_000, interval: 300 }).toContain('data-playing="no"');
      const text = await page();
      const states = [...text.matchAll(/<li class="step"[^>]*data-state="(\w+)"/g)].map(([, state]) => state);
      expect({ round, states, broken: /class="(?:broken|problem)"[^§]*?<\/(?:li|p)>/.exec(text)?.[0] }).toEqual({
        round,
        states: Array.from({ length: 6 }, () => 'done'),
        broken: undefined,
      });
      expect(text).toMatch(/difference of zero<\/b> in \d+ tables[^<]*\bpassword_credentials\b/);
      expect(text).toContain('Switched on for the pilot group.');
    }
  }, 300_000);

  test('another site cannot start it', async () => {
    expect((await press('http://evil.example')).status).toBe(403);
  });
});
