/**
 * The plans of every statement that a login and the token endpoint send: whatever the tenant holds, no table that grows is gone
 * through, with the statistics of a large tenant and with none, for the values at hand and for any.
 */

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseEmail } from '../../src/domain/people/email.js';
import { systemClock } from '../../src/kernel/clock.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { LogEntry } from '../../src/ports/ledger.js';
import { createAccountRecovery } from '../../src/storage/account-recovery.js';
import { COMMIT_PARTS } from '../../src/storage/login-store/commit-parts.js';
import { createCommitStatement } from '../../src/storage/login-store/commit-statement.js';
import { createLoginStore } from '../../src/storage/login-store/index.js';
import { createTokenStore } from '../../src/storage/token-store.js';
import { CALLBACK, type Cast, createCast, PASSWORD, Visitor } from '../support/cast.js';
import { commitShapes } from '../support/commit-shapes.js';
import { FACTOR_STORIES } from '../support/factor-stories.js';
import { type Instance, MANAGEMENT_CLIENT, startInstance } from '../support/instance.js';
import { fillLargeTenant, GROWING, takeStatistics } from '../support/large-tenant.js';
import { askForTokens, LOGIN_STORIES } from '../support/login-stories.js';
import { type Recorded, recordStatements, type StatementRecorder } from '../support/recorded-statements.js';

let instance: Instance;
let cast: Cast;
let recorder: StatementRecorder;
let statements: readonly Recorded[] = [];

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** The tables that a plan goes through from end to end. */
function findWalks(node: PlanNode): readonly string[] {
  const inner = (node.Plans ?? []).flatMap(findWalks);
  const kind = node['Node Type'];
  const table = node['Relation Name'] ?? '';
  const isWalk = kind === 'Seq Scan' || (/^Index( Only)? Scan$/.test(kind) && node['Index Cond'] === undefined);
  const isWholeBitmap = kind === 'Bitmap Index Scan' && node['Index Cond'] === undefined;
  if (isWholeBitmap) return [...inner, `${node['Index Name']} (${kind})`];
  return isWalk && GROWING.has(table) ? [...inner, `${table} (${kind})`] : inner;
}

async function explain(text: string, values?: readonly unknown[]): Promise<readonly string[]> {
  const isGeneric = values === undefined;
  const query = `explain (format json${isGeneric ? ', generic_plan' : ''}) ${text}`;
  const { rows } = await instance.database.pool.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
    query,
    values === undefined ? undefined : [...values],
  );
  return rows.flatMap((row) => row['QUERY PLAN'].flatMap(({ Plan }) => findWalks(Plan)));
}

/** An app is set up, a code is passed, and a passkey signs in: every statement of factors. */
const FACTORS = [...FACTOR_STORIES.slice(0, 2), ...FACTOR_STORIES.slice(-1)];

async function playLogins(): Promise<void> {
  for (const [index, story] of [...LOGIN_STORIES, ...FACTORS].entries()) {
    const scene = await story.arrange(cast, `plan${index}`, recorder.aside);
    const answer = await recorder.during(() => scene.play());
    if (story.ends === 'admitted') await recorder.during(() => playTokens(scene.visitor, answer));
  }
}

async function playTokens(visitor: Visitor, answer: Awaited<ReturnType<Visitor['open']>>): Promise<void> {
  const { origin } = instance;
  const tokens = await visitor.redeem(answer);
  const refreshed = await askForTokens(cast, { grant_type: 'refresh_token', refresh_token: tokens.refreshToken });
  expect(refreshed.status).toBe(200);
  const headers = { authorization: `Bearer ${tokens.accessToken}` };
  expect((await fetch(`${origin}/userinfo`, { headers })).status).toBe(200);
  // The open session answers, with a page and without.
  await visitor.open();
  await visitor.open({ prompt: 'none' });
  await askForTokens(cast, { grant_type: 'refresh_token', refresh_token: tokens.refreshToken });
  const revoked = new URLSearchParams({ client_id: cast.client.id, client_secret: cast.client.secret });
  revoked.set('token', String(refreshed.body.refresh_token));
  await fetch(`${origin}/oauth/revoke`, { method: 'POST', body: revoked });
  await visitor.browser.visit(`${origin}/v2/logout?client_id=${cast.client.id}`);
}

/** Plays ways that the stories do not: without an organization, a wrong password, a machine, a stranger to us all. */
async function playOthers(): Promise<void> {
  const visitor = new Visitor(cast);
  await instance.api('PATCH', `/connections/${cast.acme.connectionId}/clients`, [
    { client_id: cast.client.id, status: true },
  ]);
  await cast.createMember('dana@plain.example');
  await cast.createMember('dana@acme.example');
  const machine = { client_id: MANAGEMENT_CLIENT.id, client_secret: MANAGEMENT_CLIENT.secret };
  const audience = `${instance.origin}/api/v2/`;
  await recorder.during(async () => {
    await visitor.withPassword('dana@plain.example', 'not the password');
    await visitor.withPassword('nobody@plain.example', PASSWORD, { organization: '' });
    await new Visitor(cast).withPassword('dana@plain.example', PASSWORD, { organization: '' });
    const direct = new Visitor(cast);
    const page = await direct.open({ organization: '', connection: cast.acme.connectionName });
    await direct.signInAtIdp(page, 'dana');
    await new Visitor(cast).open({ organization: '', login_hint: 'dana@acme.example' });
    await askForTokens(cast, { grant_type: 'client_credentials', ...machine, audience });
    await askForTokens(cast, { grant_type: 'client_credentials', ...machine, audience, organization: cast.acme.id });
  });
}

beforeAll(async () => {
  instance = await startInstance();
  await takeStatistics(instance.database.pool);
  const refresh = { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 0 };
  const open = {
    organization_usage: 'allow',
    organization_require_behavior: 'no_prompt',
    allowed_logout_urls: [CALLBACK],
  };
  cast = await createCast(instance, { clientFields: { refresh_token: refresh, ...open } });
  recorder = recordStatements(instance.server.pool);
  await playLogins();
  await playOthers();
  await askTheRest();
  statements = [...recorder.list(), ...commitStatements()];
  await fillLargeTenant(instance.database.pool);
}, 120_000);
afterAll(async () => {
  await cast.stop();
  await instance.stop();
});

/** Sends queries that occur only where Actions are bound, several organizations share a connection, or a link was mailed. */
async function askTheRest(): Promise<void> {
  const { pool } = instance.server;
  const box = createSecretBox(Buffer.alloc(32, 7), 'rows', systemEntropy);
  const { reads } = createLoginStore(pool, box, ['auth0', 'oidc'], systemClock);
  const [userId, connectionId, organizationId] = ['auth0|L7', cast.acme.connectionId, cast.acme.id];
  const at = new Date();
  const hash = Buffer.alloc(32);
  const nobody = { set: {}, remove: [] };
  await recorder.during(async () => {
    const clientId = cast.client.id;
    const ground = { userId, organizationId, clientId, connectionId, sessionId: 's' };
    await reads.findActionGround({ ...ground, grantedRoles: [cast.roleId, 'editor'] });
    await reads.findHomeRealms('acme.example');
    await reads.findOrganizationsByDomain('acme.example');
    await reads.listEnterableOrganizations({ userId, connectionId });
    for (const email of [parseEmail('p7@large8.example'), undefined])
      await reads.listLikelyOrganizations({ connectionId, subject: 's7', email });
    await reads.findCredential({ userId });
    await reads.findFactors({ userId, connectionId });
    const recovery = createAccountRecovery(pool, box, () => {});
    await recovery.findTicket({ userId, ticketHash: hash, at });
    await recovery.findEndedTicket({ userId, ticketHash: hash });
    const log = { logId: 'log-of-nobody', date: at, type: 's', details: {} } as unknown as LogEntry;
    for (const next of [undefined, { hash: Buffer.alloc(32, 1), expiresAt: at, idleExpiresAt: at }])
      await createTokenStore(pool, box).exchangeRefreshToken({
        token: { userId, hash },
        at,
        leewaySeconds: 0,
        idleExpiresAt: at,
        next,
        log,
        afterActions: {
          expiresAt: at,
          writes: {
            userMetadata: nobody,
            appMetadata: nobody,
            tokenMetadata: nobody,
            sessionMetadata: nobody,
            sessionExpiresAt: undefined,
            sessionIdleExpiresAt: undefined,
          },
        },
      });
  });
}

/** Each part of the commit's statement, whichever of them the stories' plans were made of. */
function commitStatements(): Recorded[] {
  const box = createSecretBox(Buffer.alloc(32, 7), 'rows', systemEntropy);
  const toStatement = createCommitStatement(COMMIT_PARTS);
  const plans = commitShapes({
    at: new Date(),
    userId: 'auth0|L7',
    organizationId: cast.acme.id,
    connectionId: cast.acme.connectionId,
    clientId: cast.client.id,
  });
  const idle = COMMIT_PARTS.filter((part) => plans.every((plan) => part.values(plan, box, plan.at) === undefined));
  expect(
    idle.map((part) => part.name),
    'parts that no plan here has anything for',
  ).toEqual([]);
  return plans.map((plan) => {
    const { statement, values } = toStatement(plan, box, plan.at);
    return { text: statement.text, values };
  });
}

/** Asked once a minute by a node, not by a login; it reads the index of imported hashes, which was made for it. */
const ONCE_A_MINUTE = /select distinct substring\(hash/;

async function listWalks(plan: 'generic' | 'custom'): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { text, values } of statements) {
    if (ONCE_A_MINUTE.test(text)) continue;
    const walks = await explain(text, plan === 'custom' ? values : undefined);
    if (walks.length > 0) found.push(`${walks.join(', ')}: ${text.trim().replace(/\s+/g, ' ')}`);
  }
  return [...new Set(found)];
}

test('what was recorded is whole: login, code, refresh, machine, session, log, counters', () => {
  const text = statements.map((statement) => statement.text).join('\n');
  for (const table of GROWING) expect(text).toContain(table);
  expect(statements.length).toBeGreaterThan(20);
});

describe('no growing table is gone through', () => {
  test.each(['generic', 'custom'] as const)('without statistics, %s plans', async (plan) => {
    const { rows } = await instance.database.pool.query(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and reltuples >= 0`,
    );
    expect(rows, 'somebody has analysed').toEqual([]);
    expect(await listWalks(plan)).toEqual([]);
  });
  test.each(['generic', 'custom'] as const)('with the statistics of a large tenant, %s plans', async (plan) => {
    await instance.database.pool.query('analyze');
    expect(await listWalks(plan)).toEqual([]);
  });
});
