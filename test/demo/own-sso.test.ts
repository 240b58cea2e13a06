/**
 * Story 38 on the stage. Without a server: its judge can say no. With the demo running: the story is played for real,
 * twice, and everything is as promised; no other site can start it, and the page that customers get has a strict policy.
 */
import { randomBytes } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LedgerRow } from '../../demo/ledger.js';
import { startNameServer } from '../../demo/name-server.js';
import {
  isRefused,
  isSame,
  judgeConnected,
  judgeDirectory,
  judgeDomain,
  judgeOff,
  judgeOpened,
  judgeSaml,
  judgeTeam,
  judgeTried,
} from '../../demo/organization-settings/judge.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type DemoProcess, startDemo } from '../support/demo-process.js';
import { findFreePort } from '../support/instance.js';

describe('the judge', () => {
  const TABLES = [
    ...['users', 'identities', 'members', 'member_roles', 'password_credentials', 'connections', 'logs', 'outbox'],
    ...['organization_connections', 'discovery_domains'],
  ];
  const ledger = (gained: Readonly<Record<string, number>>): LedgerRow[] =>
    TABLES.map((table) => {
      const added = Array.from({ length: gained[table] ?? 0 }, () => ({ of: table }));
      return { table, before: 0, after: added.length, added, removed: [] };
    });
  const answer = (status: number, body: Readonly<Record<string, unknown>> = {}) => ({ status, body });
  const inside = { inside: true, reason: undefined, userId: 'u', roles: ['editor'] };
  const outside = { inside: false, reason: 'no', userId: undefined, roles: [] };
  const many = Array.from({ length: 21 }, (_, index) => `read:my_org:${index}`);
  const [pending, verified] = [answer(202, { status: 'pending' }), answer(202, { status: 'verified' })];
  const oks = (checks: readonly { ok: boolean }[]) => checks.map(({ ok }) => ok);

  test.each<[string, readonly { ok: boolean }[], readonly boolean[]]>([
    ['opened', judgeOpened(many, [], answer(403)), [true, true]],
    ['Dana may', judgeOpened([], ['read:my_org:members'], answer(200)), [false, false]],
    ['proved', judgeDomain(pending, verified, ledger({ discovery_domains: 1 })), [true, true]],
    ['proved without a record', judgeDomain(verified, pending, ledger({ users: 1 })), [false, false]],
    [
      'connected',
      judgeConnected(answer(400), ledger({}), answer(201), ledger({ connections: 1 }), false),
      [true, true],
    ],
    [
      'half-made, and led',
      judgeConnected(answer(400), ledger({ connections: 1 }), answer(201), ledger({ connections: 1 }), true),
      [false, false],
    ],
    ['tried', judgeTried('u', 'u', false), [true, true]],
    ['another user', judgeTried('v', 'u', false), [false, true]],
    ['nobody came in, and others are led there', judgeTried(undefined, 'u', true), [false, false]],
    ['the same', [isSame('Dana', inside, 'u')], [true]],
    ['without a role', [isSame('Dana', { ...inside, roles: [] }, 'u')], [false]],
    ['somebody else', [isSame('Dana', inside, 'v')], [false]],
    ['refused', [isRefused(ledger({ logs: 1 }), outside)], [true]],
    ['refused, and left a user', [isRefused(ledger({ users: 1 }), outside)], [false]],
    ['not refused', [isRefused(ledger({}), inside)], [false]],
    ['invited', judgeTeam(answer(201), ledger({ outbox: 1 }), inside), [true, true]],
    ['invited without a role', judgeTeam(answer(403), ledger({}), { ...inside, roles: [] }), [false, false]],
    ['a token', judgeDirectory(answer(201, { token: 't0k' }), answer(200, { scim_tokens: [] }), 200), [true, true]],
    [
      'a token that is shown again',
      judgeDirectory(answer(201, { token: 't0k' }), answer(200, { scim_tokens: ['t0k'] }), 401),
      [false, false],
    ],
    ['by SAML', judgeSaml(answer(201, { strategy: 'samlp' }), 'u', 'u'), [true, true]],
    ['by SAML as another user', judgeSaml(answer(400), 'v', 'u'), [false, false]],
    ['off', judgeOff(false, ledger({ users: 1, members: 1 })), [true, true]],
    ['still led, and nobody new', judgeOff(true, ledger({})), [false, false]],
  ])('%s', (_title, checks, expected) => {
    expect(oks(checks)).toEqual(expected);
  });
});

test('the name server answers with what was published, and alone for its domain', async () => {
  const names = await startNameServer(['acme.example']);
  const resolver = new Resolver();
  resolver.setServers([names.address]);
  await expect(resolver.resolveTxt('_proof.acme.example')).rejects.toThrow('ENOTFOUND');
  names.publish('_proof.ACME.example', 'the text');
  expect(await resolver.resolveTxt('_proof.acme.example')).toEqual([['the text']]);
  await names.stop();
});

describe('played', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'story-38-'));
  let database: TestDatabase;
  let demo: DemoProcess;
  const stage = () => demo.addresses.stage ?? '';
  const page = async () => (await fetch(`${stage()}/own-sso`)).text();
  const press = (origin: string) =>
    fetch(`${stage()}/own-sso/play`, { method: 'POST', redirect: 'manual', headers: { origin } });

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

  test('everything is as promised, the first time and again, and Acme is as ever afterwards', async () => {
    expect(await page()).toContain('No request yet.');
    for (const round of [1, 2]) {
      expect((await press(stage())).headers.get('location')).toBe('/own-sso');
      await expect.poll(page, { timeout: 120_000, interval: 300 }).toContain('data-playing="no"');
      const text = await page();
      const states = [...text.matchAll(/<li class="step"[^>]*data-state="(\w+)"/g)].map(([, state]) => state);
      expect({ round, states, broken: /class="(?:broken|problem)"[^§]*?<\/(?:li|p)>/.exec(text)?.[0] }).toEqual({
        round,
        states: Array.from({ length: 9 }, () => 'done'),
        broken: undefined,
      });
      expect(text).toContain('no description of an OpenID Connect provider');
      expect(text).toContain('Acme has the operator’s connection now.');
    }
  }, 300_000);

  test('another site cannot start it', async () => {
    expect((await press('http://evil.example')).status).toBe(403);
  });

  test('the page has a strict policy, two settings and no secret', async () => {
    const settings = `${demo.addresses.application}/organization-settings/`;
    const answer = await fetch(settings);
    expect(answer.headers.get('content-security-policy')).toMatch(/default-src 'none'; script-src 'self'; /);
    expect(Object.keys(await (await fetch(`${settings}settings.json`)).json())).toEqual(['domain', 'clientId']);
    expect((await fetch(`${settings}main.js`)).status).toBe(200);
    for (const name of ['..%2fpackage.json', 'src', 'nothing.js'])
      expect((await fetch(`${settings}${name}`)).status, name).toBe(404);
  });
});
