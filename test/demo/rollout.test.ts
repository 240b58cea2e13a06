/**
 * Story 13 on the stage. Without a server: its people, and that its judge can say no. With the demo running: the story is played for real, twice, and
 * everything is as promised; an address that nobody may call from elsewhere.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  findAtIdp,
  listEmployees,
  MOST_PEOPLE,
  STRANGERS,
  toDirectory,
  toEmployee,
} from '../../demo/company/employees.js';
import type { LedgerRow } from '../../demo/ledger.js';
import { judgeBack, judgeStopped, judgeVisits } from '../../demo/rollout/judge.js';
import { parseDirectory } from '../../src/tenant-tools/rollout/directory-file.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

describe('the company', () => {
  test('no two people share a login, an address or a user id, and the identity provider finds each by login and address', () => {
    const people = [...listEmployees(MOST_PEOPLE), ...STRANGERS];
    for (const name of ['login', 'email', 'userId'] as const) {
      expect(new Set(people.map((person) => person[name])).size, name).toBe(people.length);
    }
    for (const person of people) {
      const known = person.kind === 'contractor' || person.kind === 'left' ? undefined : person;
      expect([findAtIdp(person.login), findAtIdp(person.email)]).toEqual([known, known]);
    }
    for (const typed of ['g0000', `g${MOST_PEOPLE + 3}`, 'nobody@globex.example', '']) {
      expect(findAtIdp(typed), typed).toBeUndefined();
    }
  });

  test('its directory is one that the command reads: strangers in it, contractors not, those who left inactive', () => {
    const { entries, bad } = parseDirectory(toDirectory(50));
    expect(bad).toEqual([]);
    expect(entries.size).toBe(51);
    expect(entries.get(STRANGERS[0]?.email ?? '')).toMatchObject({ active: true });
    expect(entries.has(toEmployee(21).email)).toBe(false);
    expect(entries.get(toEmployee(28).email)).toMatchObject({ active: false, subject: 'g0028' });
  });
});

describe('its judge', () => {
  const TABLES = [
    'connections',
    'discovery_domains',
    'identities',
    'logs',
    'member_roles',
    'members',
    'organization_connections',
    'password_credentials',
    'sessions',
    'user_id_prefixes',
    'users',
  ];
  const row = (value: object): Record<string, unknown> => ({ ...value });
  const ledger = (changes: Readonly<Record<string, Partial<LedgerRow>>>): LedgerRow[] =>
    TABLES.map((table) => ({ table, before: 0, after: 0, added: [], removed: [], ...changes[table] }));
  const oks = (checks: readonly { ok: boolean }[]) => checks.map(({ ok }) => ok);
  const status = { waiting: 25, begun: 5, undoing: 0, done: 15, skipped: 0, failed: 0, undone: 0, kept: 0 };

  test('a tool that died has to have prepared exactly those who are begun, and to have touched no seat', () => {
    expect(oks(judgeStopped(status, ledger({ identities: { after: 20 } }), 5))).toEqual([true, true]);
    expect(oks(judgeStopped(status, ledger({ identities: { after: 15 } }), 5))).toEqual([false, true]);
    const lost = { identities: { after: 20 }, member_roles: { removed: [row({ role: 'editor' })] } };
    expect(oks(judgeStopped(status, ledger(lost), 5))).toEqual([true, false]);
  });

  test('another user id, a lost role or a stranger who is in are seen', () => {
    const [person, stranger] = [toEmployee(1), toEmployee(MOST_PEOPLE + 1)];
    const inside = { person, inside: true, reason: undefined, userId: person.userId, roles: ['editor'] };
    const refused = { person: stranger, inside: false, reason: 'no', userId: undefined, roles: [] };
    expect(oks(judgeVisits([inside, refused]))).toEqual([true, true]);
    expect(oks(judgeVisits([{ ...inside, userId: 'auth0|new' }, refused]))).toEqual([false, true]);
    expect(oks(judgeVisits([{ ...inside, roles: [] }, refused]))).toEqual([false, true]);
    expect(oks(judgeVisits([inside, { ...refused, inside: true }]))).toEqual([true, false]);
    expect(oks(judgeVisits([inside]))).toEqual([true, false]);
  });

  test('an identity, a setting or a membership that is not back is seen', () => {
    const visited = ledger({ users: { added: [row({ logins: 2 })] }, sessions: { added: [row({ id: 's' })] } });
    const back = { users: { added: [row({ logins: 2 })], removed: [row({ logins: 1 })] } };
    expect(oks(judgeBack(ledger(back), visited, 0, 3))).toEqual([true, true]);
    expect(oks(judgeBack(ledger(back), visited, 1, 3))).toEqual([false, true]);
    expect(oks(judgeBack(ledger({ ...back, identities: { added: [row({ id: 'i' })] } }), visited, 0, 3))).toEqual([
      false,
      false,
    ]);
    expect(oks(judgeBack(ledger({ ...back, members: { removed: [row({ id: 'm' })] } }), visited, 0, 3))).toEqual([
      true,
      false,
    ]);
    const turned = (now: object) => ({
      connections: { added: [row({ revision: 2, ...now })], removed: [row({ revision: 1, ...{ aliases: 0 } })] },
    });
    expect(oks(judgeBack(ledger({ ...back, ...turned({ aliases: 0 }) }), visited, 0, 3))).toEqual([true, true]);
    expect(oks(judgeBack(ledger({ ...back, ...turned({ aliases: 1 }) }), visited, 0, 3))).toEqual([false, true]);
  });
});

describe('played', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'story-13-'));
  let database: TestDatabase;
  let demo: DemoProcess;
  const stage = () => demo.addresses.stage ?? '';
  const page = async () => (await fetch(`${stage()}/rollout`)).text();
  const press = (origin: string) =>
    fetch(`${stage()}/rollout/play`, {
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

  test('everything is as promised, the first time and again; a second press while it plays changes nothing', async () => {
    expect(await page()).toContain('Not planned yet.');
    for (const round of [1, 2]) {
      const answers = [await press(stage()), await press(stage())];
      expect(answers.map(({ status, headers }) => [status, headers.get('location')])).toEqual([
        [303, '/rollout'],
        [303, '/rollout'],
      ]);
      await expect.poll(page, { timeout: 120_000, interval: 300 }).toContain('data-playing="no"');
      const text = await page();
      const states = [...text.matchAll(/<li class="step"[^>]*data-state="(\w+)"/g)].map(([, state]) => state);
      expect({ round, states, broken: /class="(?:broken|problem)"[^§]*?<\/li>/.exec(text)?.[0] }).toEqual({
        round,
        states: Array.from({ length: 7 }, () => 'done'),
        broken: undefined,
      });
      expect(text.match(/password, as before/g)).toHaveLength(45);
      expect(text).toMatch(/difference of zero<\/b> in \d+ tables[^<]*\bidentities\b[^<]*\bmember_roles\b/);
      // A sign-in notes when a member came; nobody becomes one or stops being one.
      expect(text).toMatch(/<tr data-table="members">(?:(?!<td>).)*<td>(\d+)<\/td><td>\1<\/td>/s);
    }
  }, 300_000);

  test('another site cannot start it', async () => {
    expect((await press('http://evil.example')).status).toBe(403);
  });
});
