/**
 * Two nodes behind a plain TCP balancer, or one node of several workers, a load of mixed logins, and processes that are killed and
 * started meanwhile. A request may fail;
 * an outcome may not be wrong: people who may be in get in as themselves, once, and nobody else does.
 */

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Balancer, startBalancer } from '../support/balancer.js';
import { type Cast, createCast } from '../support/cast.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type Instance, startInstance } from '../support/instance.js';
import { createDice } from '../support/kill-rounds.js';
import { KILL_STORIES, type Scene, type Story } from '../support/login-stories.js';
import { SEED } from '../support/random.js';
import { listWorkers } from '../support/server-children.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

const LOAD_MS = 12_000;
const AT_ONCE = 3;
const TRIES = 40;

let database: TestDatabase;
let keeper: Instance;
let cast: Cast;
let balancer: Balancer;
let nodes: ServerProcess[] = [];
let origin: string;
let people = 0;

const start = (args: readonly string[] = []) => startServerProcess({ databaseUrl: database.url, origin, args });

beforeAll(async () => {
  database = await createTestDatabase();
  balancer = await startBalancer();
  origin = `http://localhost:${balancer.port}`;
  keeper = await startInstance({ beside: { origin, database } });
  cast = await createCast(keeper);
  nodes = await Promise.all([start(), start()]);
  balancer.direct(nodes.map((node) => node.port));
}, 120_000);
afterAll(async () => {
  for (const node of nodes) await node.kill();
  await balancer.stop();
  await cast.stop();
  await keeper.stop();
  await database.drop();
});

interface Outcome {
  readonly story: Story;
  readonly scene: Scene;
  readonly tries: number;
  readonly wrong: string | undefined;
}

/** Milliseconds after which a person reloads a page that does not come. */
const PATIENCE_MS = 15_000;

/**
 * Waits no longer than a person does: a connection that was being handed to a worker when that was killed gets no answer
 * (ADR 0115).
 */
function patiently<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), PATIENCE_MS);
  });
  return Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** One person, who tries until the application has an answer. */
async function signIn(story: Story, key: string): Promise<Outcome> {
  const through: Cast = { ...cast, instance: { ...keeper, address: origin } };
  const scene = await story.arrange(through, key, (work) => work());
  let asUsual = false;
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      const answer = await patiently(asUsual ? scene.playAsUsual() : scene.play());
      const { error, error_description: description } = Object.fromEntries(answer.url.searchParams);
      if (description === 'invitation not found or already used') {
        asUsual = true;
        continue;
      }
      if (story.ends === 'refused')
        return { story, scene, tries, wrong: error === 'access_denied' ? undefined : answer.url.href };
      const { claims } = await patiently(scene.visitor.redeem(answer));
      const right = claims.email === scene.email && (scene.userId === undefined || claims.sub === scene.userId);
      return { story, scene, tries, wrong: right ? undefined : JSON.stringify(claims) };
    } catch {
      // The node was gone: a failed request. A person waits a moment and starts again.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return { story, scene, tries: TRIES, wrong: 'never got in' };
}

/** Signs people in for a while, with `strike` again and again, and checks that no outcome is wrong. */
async function expectNoWrongOutcome(what: string, strike: (dice: () => number) => Promise<void>): Promise<void> {
  const dice = createDice(SEED);
  const end = performance.now() + LOAD_MS;
  const outcomes: Outcome[] = [];
  const load = async () => {
    while (performance.now() < end) {
      const story = KILL_STORIES[Math.floor(dice() * KILL_STORIES.length)] as Story;
      await database.pool.query('delete from attempt_counters');
      outcomes.push(await signIn(story, `n${++people}x`));
    }
  };
  let kills = 0;
  const trouble = async () => {
    while (performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 300 + dice() * 1_500));
      await strike(dice);
      kills += 1;
    }
  };
  await Promise.all([trouble(), ...Array.from({ length: AT_ONCE }, load)]);
  console.log(
    `${what}, seed ${SEED}: ${outcomes.length} logins, ${kills} kills, ` +
      `${outcomes.filter((item) => item.tries > 1).length} needed more than one try`,
  );
  const wrong = outcomes.filter((item) => item.wrong !== undefined);
  expect(wrong.map(({ story, scene, wrong: found }) => `${story.name}, ${scene.email}: ${found}`)).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(5);
  expect(kills).toBeGreaterThan(0);
  await expectOneOfEach(outcomes);
}

test(`logins while nodes are killed and started, seed ${SEED}: no outcome is wrong`, async () => {
  await expectNoWrongOutcome('two nodes', async (dice) => {
    const victim = Math.floor(dice() * nodes.length);
    await nodes[victim]?.kill();
    nodes[victim] = await start();
    balancer.direct(nodes.map((node) => node.port));
  });
}, 120_000);

test(`logins at one node of three workers, of which one or another is killed, seed ${SEED}: no outcome is wrong`, async () => {
  const node = await start(['--workers', '3']);
  nodes.push(node);
  balancer.direct([node.port]);
  await expectNoWrongOutcome('three workers', async (dice) => {
    const workers = listWorkers(node.pid);
    const victim = workers[Math.floor(dice() * workers.length)];
    if (victim !== undefined) process.kill(victim, 'SIGKILL');
  });
  await expect.poll(() => listWorkers(node.pid).length, { timeout: 60_000 }).toBe(3);
  expect(await node.stop()).toBe(0);
}, 300_000);

/** However often somebody had to try: one account, one identity a connection, one membership; a stranger has none. */
async function expectOneOfEach(outcomes: readonly Outcome[]): Promise<void> {
  const { rows } = await database.pool.query<{ email: string; users: number; members: number; identities: number }>(
    `select u.email, count(distinct u.user_id)::int as users,
       (select count(*)::int from members m join users x using (user_id) where x.email = u.email) as members,
       (select count(*)::int from identities i join users x using (user_id)
         where x.email = u.email and i.connection_id = $1 and i.status = 'bound') as identities
     from users u group by u.email`,
    [cast.acme.connectionId],
  );
  const stored = new Map(rows.map((row) => [row.email, row]));
  for (const { story, scene } of outcomes) {
    const found = stored.get(scene.email);
    if (story.ends === 'refused') expect(found, scene.email).toBeUndefined();
    else {
      const identities = scene.email.endsWith('@acme.example') ? 1 : 0;
      expect(found, `${story.name}, ${scene.email}`).toMatchObject({ users: 1, members: 1, identities });
    }
  }
  const used = await database.pool.query<{ invitee_email: string }>(
    'select invitee_email from invitations where consumed_at is not null',
  );
  expect(new Set(used.rows.map((row) => row.invitee_email)).size).toBe(used.rows.length);
}
