/**
 * Clocks that differ: two nodes of which one is 30 seconds ahead, each step of a login on either; and a database whose clock has
 * nothing to do with the nodes'. Time is what the node says that does the step; the database's own clock decides nothing.
 */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../src/kernel/clock.js';
import { type Cast, createCast, PASSWORD, Visitor } from '../support/cast.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Front, startFront } from '../support/front.js';
import { findFreePort, type Instance, startInstance } from '../support/instance.js';
import { askForTokens } from '../support/login-stories.js';
import { createManualClock } from '../support/manual-clock.js';
import { readSources, readText } from '../support/source-files.js';
import { answerOf, linkOf, wordsOf } from '../support/stage.js';

const SKEW_MS = 30_000;
const clock = createManualClock();
const fast: Clock = { now: () => new Date(clock.now().getTime() + SKEW_MS), monotonicMs: () => clock.monotonicMs() };

interface Node {
  readonly name: string;
  readonly port: number;
  readonly instance: Instance;
}

let database: TestDatabase;
let front: Front;
let nodes: readonly [Node, Node];
let cast: Cast;
let people = 0;

async function startNode(name: string, time: Clock): Promise<Node> {
  const port = await findFreePort();
  const environment = { PORT: String(port), VESTIBULE_URL: front.origin };
  return { name, port, instance: await startInstance({ database, clock: time, environment }) };
}

beforeAll(async () => {
  database = await createTestDatabase();
  front = await startFront();
  nodes = [await startNode('right', clock), await startNode('ahead', fast)];
  front.choose(nodes[0].port);
  cast = await createCast(nodes[0].instance, {
    clock,
    clientFields: { refresh_token: { rotation_type: 'rotating', expiration_type: 'expiring', leeway: 60 } },
  });
});
afterAll(async () => {
  await cast.stop();
  for (const { instance } of nodes) await instance.stop();
  await front.stop();
  await database.drop();
});
beforeEach(() => database.pool.query('delete from attempt_counters'));

const on = ({ port }: Node) => front.choose(port);
const refresh = async (token: string) => {
  const { status, body } = await askForTokens(cast, { grant_type: 'refresh_token', refresh_token: token });
  return { status, error: body.error, token: String(body.refresh_token), access: String(body.access_token) };
};

function newPerson(domain: string) {
  const key = `c${++people}`;
  const email = `${key}@${domain}`;
  cast.people[key] = { sub: `idp-${key}`, email, email_verified: true };
  return { key, email, visitor: new Visitor(cast) };
}

async function userinfo(token: string): Promise<number> {
  return (await fetch(`${front.origin}/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status;
}

/** Which node does which step: both orders, and so each direction of the difference. */
const orders = [
  ['the right one first', 0, 1],
  ['the one ahead first', 1, 0],
] as const;

describe.each(orders)('two nodes, 30 seconds apart, %s', (_name, one, two) => {
  const pair = () => [nodes[one], nodes[two]] as const;

  test('to the IdP on one, back on the other, the code on the first, the token on the second', async () => {
    const [first, second] = pair();
    const { key, email, visitor } = newPerson('acme.example');
    const userId = await cast.createMember(email);
    on(first);
    const page = await visitor.type(await visitor.open(), email);
    on(second);
    const answer = await visitor.signInAtIdp(page, key);
    on(first);
    const { claims, accessToken, refreshToken } = await visitor.redeem(answer);
    expect(claims.sub).toBe(userId);
    for (const node of [first, second]) {
      on(node);
      expect(await userinfo(accessToken)).toBe(200);
      expect(answerOf(await visitor.open({ prompt: 'none' }))).toHaveProperty('code');
      expect(answerOf(await visitor.open({ prompt: 'none', max_age: '60' }))).toHaveProperty('code');
    }
    expect((await refresh(refreshToken)).status).toBe(200);
  });

  test('an invitation of one node, accepted on the other; a mailed code of one, typed in on the other', async () => {
    const [first, second] = pair();
    const { key, email, visitor } = newPerson('elsewhere.example');
    on(first);
    const page = await visitor.accept(await cast.invite(email));
    const question = await visitor.signInAtIdp(page, key);
    expect(question.url.pathname).toBe('/u/proof');
    const mail = (await nodes[0].instance.mail()).find((item) => item.mail.to === email && item.mail.model.code);
    on(second);
    const answer = await visitor.browser.submit(question, { code: String(mail?.mail.model.code), action: 'code' });
    expect((await visitor.redeem(answer)).claims).toMatchObject({ email, org_id: cast.acme.id });
  });

  test('a link to a new password from one node, used on the other, ends what the other opened before', async () => {
    const [first, second] = pair();
    const { email, visitor } = newPerson('plain.example');
    await cast.createMember(email);
    on(second);
    const old = await visitor.redeem(await visitor.withPassword(email));
    on(first);
    const asks = new Visitor(cast);
    const page = await asks.type(await asks.open(), email, 'password');
    await asks.browser.submit(await asks.browser.visit(linkOf(page, 'Forgot')), { username: email });
    const mails = await nodes[0].instance.mail();
    const link = mails.find(({ mail }) => mail.to === email && mail.template === 'password_reset')?.mail.model.url;
    on(second);
    const done = await asks.browser.submit(await asks.browser.visit(String(link)), {
      password: 'Another-horse-8-staple',
    });
    expect(done.status, wordsOf(done)).toBe(200);
    on(first);
    expect((await refresh(old.refreshToken)).error).toBe('invalid_grant');
    expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
  });

  test('a first sign-in at the company ends what was opened before, also what the other node calls later', async () => {
    const [first, second] = pair();
    const { key, email, visitor } = newPerson('acme.example');
    await cast.createMember(email);
    on(first);
    const planted = await visitor.redeem(await visitor.withPassword(email));
    on(second);
    const owner = new Visitor(cast);
    await owner.redeem(await owner.throughSso(key, email));
    expect((await refresh(planted.refreshToken)).error).toBe('invalid_grant');
    expect(answerOf(await visitor.open({ prompt: 'none' })).error).toBe('login_required');
  });

  test('refresh tokens rotate across nodes; an answer that was lost is asked for again, within the leeway', async () => {
    const [first, second] = pair();
    const { email, visitor } = newPerson('plain.example');
    await cast.createMember(email);
    on(first);
    const { refreshToken } = await visitor.redeem(await visitor.withPassword(email));
    const held = (await refresh(refreshToken)).token;
    clock.advanceMs(1_000);
    on(second);
    // Rotated by the second node; the application never saw the answer, and asks again with what it has.
    expect((await refresh(held)).status).toBe(200);
    clock.advanceMs(1_000);
    const again = await refresh(held);
    expect(again).toMatchObject({ status: 200 });
    on(first);
    expect(await refresh(again.token)).toMatchObject({ status: 200 });
  });

  test('attack: a rotated token whose successor was used is a stolen one, on whichever node it comes back', async () => {
    const [first, second] = pair();
    const { email, visitor } = newPerson('plain.example');
    await cast.createMember(email);
    on(first);
    const { refreshToken: stolen } = await visitor.redeem(await visitor.withPassword(email));
    const next = (await refresh(stolen)).token;
    clock.advanceMs(1_000);
    on(second);
    const last = (await refresh(next)).token;
    clock.advanceMs(1_000);
    for (const node of [second, first]) {
      on(node);
      expect((await refresh(stolen)).error).toBe('invalid_grant');
    }
    expect((await refresh(last)).error).toBe('invalid_grant');
  });

  test('ten wrong passwords on one node count on the other', async () => {
    const [first, second] = pair();
    const { email } = newPerson('plain.example');
    await cast.createMember(email);
    on(first);
    for (let tries = 0; tries < 10; tries++) await new Visitor(cast).withPassword(email, 'wrong');
    on(second);
    expect((await new Visitor(cast).withPassword(email)).status).toBe(429);
  });
});

test('near the end the nodes differ by as much as their clocks do, and by no more', async () => {
  const [right, ahead] = nodes;
  const { email, visitor } = newPerson('plain.example');
  await cast.createMember(email);
  on(right);
  const { accessToken } = await visitor.redeem(await visitor.withPassword(email));
  const statuses = async () => {
    const found: number[] = [];
    for (const node of [right, ahead]) {
      on(node);
      found.push(await userinfo(accessToken));
    }
    return found;
  };
  clock.advanceMs(86_400_000 - SKEW_MS - 1_000);
  expect(await statuses()).toEqual([200, 200]);
  clock.advanceMs(1_000);
  expect(await statuses()).toEqual([200, 401]);
  clock.advanceMs(SKEW_MS);
  expect(await statuses()).toEqual([401, 401]);
});

const DAY_MS = 86_400_000;
describe.each([
  ['400 days behind', 400],
  ['400 days ahead', -400],
])('a database whose clock is %s', (_name, days) => {
  const own = createManualClock(new Date(Date.now() + days * DAY_MS));
  let instance: Instance;
  let there: Cast;
  beforeAll(async () => {
    instance = await startInstance({ clock: own });
    there = await createCast(instance, { clock: own });
  });
  afterAll(async () => {
    await there.stop();
    await instance.stop();
  });

  test('invitation, sign-in, code, session, refresh, mail: all as with one clock', async () => {
    there.people.ivy = { sub: 'idp-ivy', email: 'ivy@acme.example', email_verified: true };
    const ivy = new Visitor(there);
    const answer = await ivy.signInAtIdp(await ivy.accept(await there.invite('ivy@acme.example')), 'ivy');
    const { claims, refreshToken, accessToken } = await ivy.redeem(answer);
    expect(claims).toMatchObject({ email: 'ivy@acme.example', org_id: there.acme.id });
    expect(Math.abs(Number(claims.iat) * 1000 - own.now().getTime())).toBeLessThan(1_000);
    const info = await fetch(`${instance.origin}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(info.status).toBe(200);
    expect(answerOf(await ivy.open({ prompt: 'none' }))).toHaveProperty('code');
    const form = { grant_type: 'refresh_token', refresh_token: refreshToken };
    expect((await askForTokens(there, form)).status).toBe(200);
    await there.createMember('olga@plain.example');
    for (let tries = 0; tries < 10; tries++) await new Visitor(there).withPassword('olga@plain.example', 'wrong');
    expect((await new Visitor(there).withPassword('olga@plain.example')).status).toBe(429);
    own.advanceMs(900_000);
    answerOf(await new Visitor(there).withPassword('olga@plain.example', PASSWORD));
    own.advanceMs(259_200_000);
    expect(answerOf(await ivy.open({ prompt: 'none' })).error).toBe('login_required');
  });

  test('what is stored carries the time of the node', async () => {
    const { rows } = await instance.database.pool.query<{ at: Date }>(
      `select created_at as at from users union all select date from logs union all select created_at from invitations
        union all select created_at from outbox union all select last_used_at from sessions`,
    );
    expect(rows.length).toBeGreaterThan(5);
    for (const { at } of rows) expect(Math.abs(at.getTime() - own.now().getTime())).toBeLessThan(10 * DAY_MS);
  });
});

/** PostgreSQL's own ways to say "now". */
const DATABASE_TIME =
  /(?<!\.)\bnow\(\)|\b(current_(timestamp|date|time)|localtime(stamp)?)\b|\b(clock|statement|transaction)_timestamp\b|'(now|today|tomorrow|yesterday)'/i;

test('no statement asks the database what time it is, but for the list of migrations and for the doctor, who compares clocks', () => {
  const asking = readSources('src')
    .filter(({ path, text }) => path.startsWith('src/storage/') && DATABASE_TIME.test(text))
    .map(({ path, text }) => `${path}: ${text.split('\n').filter((line) => DATABASE_TIME.test(line)).length}`);
  // The doctor's: the clock itself, and since when the database has had a transaction open or a commit waiting. The
  // readiness compares two times of the database, too.
  expect(asking).toEqual([
    'src/storage/database/condition.ts: 4',
    'src/storage/database/health.ts: 1',
    'src/storage/database/migrate.ts: 1',
  ]);
  for (const file of readdirSync('sql').filter((name) => /^\d/.test(name)))
    expect(DATABASE_TIME.test(readText(`sql/${file}`)), file).toBe(false);
});
