/**
 * A rotation whose answer was lost (ADR 0097): the application tries its old token again and is no thief. Each lost answer
 * admits one repeat, and a stolen token gains nothing by it.
 */
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/kernel/clock.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool, noteTrouble } from '../../src/storage/database/pool.js';
import { type LostRotation, LostRotations, lostRotationsOf } from '../../src/storage/tokens/lost-rotations.js';
import { type FaultyPool, makeFaulty } from '../support/faulty-pool.js';
import { countBlocked, holdWrite } from '../support/held-writes.js';
import { createFixture, DANA, type Fixture, SECRET } from './fixture.js';

let at: Fixture;
let faults: FaultyPool;
beforeAll(async () => {
  at = await createFixture();
  // The database is asked for as long as a request may wait: here not long, since it will not answer.
  Object.assign(at.database.pool.options, { query_timeout: 400 });
  faults = makeFaulty(at.database.pool);
});
beforeEach(async () => {
  await at.run("update clients set refresh_leeway_seconds = 0, refresh_rotating = true where client_id = 'web'");
});
afterEach(() => void faults.disarm());
afterAll(() => at.stop());

const REQUEST = { grant_type: 'refresh_token', client_id: 'web', client_secret: SECRET };
const ask = (token: string) => at.post('/oauth/token', { ...REQUEST, refresh_token: token });
const signIn = async () => (await at.signIn()).refresh_token ?? '';

async function next(token: string): Promise<string> {
  const response = await ask(token);
  expect(response.statusCode, response.body).toBe(200);
  return response.json().refresh_token;
}

async function expectEnded(token: string): Promise<void> {
  const response = await ask(token);
  expect([response.statusCode, response.json().error]).toEqual([403, 'invalid_grant']);
}

const isRotation = (text: string) => text.includes('rotated as');
const isQuestion = (text: string) => text.startsWith('select 1 from logs');

/** The database does the rotation, its answer is lost, and nobody answers until the request has ended. */
async function loseAnswer(token: string): Promise<void> {
  faults.armWhere(isRotation, 'lost-after');
  const { query, connect } = at.database.pool;
  const refuse = () => Promise.reject(new Error('Connection terminated unexpectedly'));
  at.database.pool.query = ((...args: unknown[]) => {
    const { text = '' } = (args[0] ?? {}) as { text?: string };
    return isQuestion(text.trim()) ? refuse() : (query as (...all: unknown[]) => unknown).apply(at.database.pool, args);
  }) as typeof query;
  // The undo is a transaction. With a callback it is the driver itself, on behalf of `pool.query`.
  at.database.pool.connect = ((...args: unknown[]) =>
    args.length === 0
      ? refuse()
      : (connect as (...all: unknown[]) => unknown).apply(at.database.pool, args)) as typeof connect;
  expect((await ask(token)).statusCode).toBe(503);
  Object.assign(at.database.pool, { query, connect });
  faults.disarm();
}

const rowsOf = (token: string) => {
  const { userId, hash } = at.opaque.open('refresh', token) ?? { userId: '', hash: Buffer.alloc(0) };
  return at.run(
    'select token_hash, rotated_at, revoked_at from refresh_tokens where user_id = $1 and parent_hash = $2',
    [userId, hash],
  );
};

test('the application tries its old token again, and the login goes on', async () => {
  const first = await signIn();
  await loseAnswer(first);
  expect(await rowsOf(first)).toHaveLength(1);
  const second = await next(first);
  // The token that nobody got is gone.
  expect(await rowsOf(first)).toHaveLength(1);
  await next(second);
});

test('the node takes it back by itself as soon as the database answers', async () => {
  const first = await signIn();
  await loseAnswer(first);
  await expect.poll(() => rowsOf(first)).toEqual([]);
  expect(lostRotationsOf(at.database.pool).size).toBe(0);
  await next(await next(first));
});

test('a rotation with an answer that says that it was stored needs no repeat', async () => {
  const first = await signIn();
  faults.armWhere(isRotation, 'lost-after');
  const second = await next(first);
  faults.disarm();
  await next(second);
});

// Attack: a thief who has the token waits for a fail-over.
test.each(['the thief', 'the owner'])('stolen: %s is first, and then both have to sign in again', async () => {
  const stolen = await signIn();
  await loseAnswer(stolen);
  const second = await next(stolen);
  await expectEnded(stolen);
  await expectEnded(second);
});

// Attack: the repeat is accepted again and again.
test('one lost answer admits one repeat, also with trouble at the database', async () => {
  const first = await signIn();
  await loseAnswer(first);
  await next(first);
  noteTrouble(at.database.pool);
  await expectEnded(first);
});

// Attack: a thief holds the new token, and makes the server forget that it was given away.
test('a new token that was used, or revoked, is not taken back', async () => {
  const used = await signIn();
  const opened = at.opaque.open('refresh', used);
  const after = await next(used);
  const nextHash = at.opaque.open('refresh', after)?.hash;
  if (opened === undefined || nextHash === undefined) throw new Error('no token');
  const [row] = await at.run('select rotated_at from refresh_tokens where token_hash = $1', [opened.hash]);
  const last = await next(after);
  const lost = new LostRotations(at.database.pool);
  lost.add({ token: opened, nextHash, at: row?.rotated_at as Date });
  expect(await lost.isTakenBack(opened)).toBe(false);
  await next(last);
  await expectEnded(used);
  expect(await lost.isTakenBack(opened)).toBe(false);
});

test('within the leeway only the lost new token goes: the one that was given stays, and so does the time', async () => {
  await at.run("update clients set refresh_leeway_seconds = 60 where client_id = 'web'");
  const first = await signIn();
  const given = await next(first);
  at.advance(1);
  await loseAnswer(first);
  await expect.poll(() => rowsOf(first)).toHaveLength(1);
  const [row] = await at.run('select rotated_at from refresh_tokens where token_hash = $1', [
    at.opaque.open('refresh', first)?.hash,
  ]);
  expect(row?.rotated_at).not.toBeNull();
  await next(given);
  await expectEnded(first);
});

/** A rotation that was stored, and whose new token nobody got. */
async function lostOne(token: string, given: string): Promise<LostRotation> {
  const opened = at.opaque.open('refresh', token);
  const nextHash = at.opaque.open('refresh', given)?.hash;
  if (opened === undefined || nextHash === undefined) throw new Error('no token');
  const [row] = await at.run('select created_at from refresh_tokens where token_hash = $1', [nextHash]);
  return { token: opened, nextHash, at: row?.created_at as Date };
}

const rotatedAt = async (token: string) => {
  const hash = at.opaque.open('refresh', token)?.hash;
  return (await at.run('select rotated_at from refresh_tokens where token_hash = $1', [hash]))[0]?.rotated_at;
};

// Attack: within the leeway a thief lets one rotation be undone while another one is under way, and the stolen token counts
// as new beside the token that was given for it.
test('a repeat that is under way keeps the old token used', async () => {
  await at.run("update clients set refresh_leeway_seconds = 60 where client_id = 'web'");
  const first = await signIn();
  const lost = await lostOne(first, await next(first));
  at.advance(1);
  const held = holdWrite(at.database.pool, /rotated as/);
  const repeat = ask(first);
  await held.reached;
  const pool = createPool({ url: at.database.url, log: silentLog, maxConnections: 1 });
  const other = new LostRotations(pool);
  other.add(lost);
  await expect.poll(() => countBlocked(at.database.pool)).toBe(1);
  held.restore();
  const given = (await repeat).json().refresh_token;
  await expect.poll(() => other.size).toBe(0);
  await pool.end();
  expect(await rowsOf(first)).toHaveLength(1);
  expect(await rotatedAt(first)).not.toBeNull();
  await next(given);
  await expectEnded(first);
});

test.each([
  ['together', [[0, 1]]],
  ['the first one first', [[0], [1]]],
  ['the second one first', [[1], [0]]],
])('two lost repeats of one token leave it unused: %s', async (_name, order) => {
  await at.run("update clients set refresh_leeway_seconds = 60 where client_id = 'web'");
  const first = await signIn();
  const both = [await lostOne(first, await next(first))];
  at.advance(1);
  both.push(await lostOne(first, await next(first)));
  const lost = new LostRotations(at.database.pool);
  const { connect } = at.database.pool;
  for (const places of order) {
    // The database is away until all of these are lost.
    at.database.pool.connect = () => Promise.reject(new Error('Connection terminated unexpectedly'));
    for (const place of places) if (both[place]) lost.add(both[place]);
    Object.assign(at.database.pool, { connect });
    await expect.poll(() => lost.size).toBe(0);
  }
  expect(await rowsOf(first)).toEqual([]);
  expect(await rotatedAt(first)).toBeNull();
});

test('another node: without trouble a second use is theft at once; after trouble it waits for the node that lost it', async () => {
  const pool = createPool({ url: at.database.url, log: silentLog, maxConnections: 2 });
  const other = new LostRotations(pool);
  const first = await signIn();
  const opened = at.opaque.open('refresh', first);
  if (opened === undefined) throw new Error('no token');
  await next(first);
  expect(await other.isTakenBack(opened)).toBe(false);
  noteTrouble(pool);
  // This one is not taken back, so it counts as used in the end.
  expect(await other.isTakenBack(opened)).toBe(false);
  const second = await signIn();
  const doubted = at.opaque.open('refresh', second);
  if (doubted === undefined) throw new Error('no token');
  await loseAnswer(second);
  expect(await other.isTakenBack(doubted)).toBe(true);
  await pool.end();
  await next(second);
});

/** Sends a request on a connection of its own. `hangUp` closes it, and waits until the server knows. */
async function send(token: string): Promise<{ hangUp(): Promise<void> }> {
  if (!at.app.server.listening) await at.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = at.app.server.address() as AddressInfo;
  const body = new URLSearchParams({ ...REQUEST, refresh_token: token }).toString();
  const closed = new Promise<void>((resolve) =>
    at.app.server.once('connection', (s) => s.once('close', () => resolve())),
  );
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  return {
    hangUp() {
      socket.destroy();
      return closed;
    },
  };
}

const countRotations = async () =>
  (await at.run("select 1 from logs where type = 'sertft' and user_id = $1", [DANA])).length;

test('the application hung up before the answer: nobody reads the new token, so the old one works', async () => {
  const first = await signIn();
  const before = await countRotations();
  const held = holdWrite(at.database.pool, /rotated as/);
  const { hangUp } = await send(first);
  await held.reached;
  await hangUp();
  held.restore();
  await expect.poll(() => countRotations()).toBeGreaterThan(before);
  await expect.poll(() => rowsOf(first)).toEqual([]);
  await next(first);
});

const READ = /as family_revoked/;

test('the application hung up and used its token at another node: the request that is left is no theft', async () => {
  const first = await signIn();
  at.ledger.length = 0;
  const held = holdWrite(at.database.pool, READ);
  const { hangUp } = await send(first);
  await held.reached;
  await hangUp();
  const second = await next(first);
  held.restore();
  await expect.poll(() => at.ledger).toMatchObject([{ type: 'fertft', details: { check: 'refresh_token.reused' } }]);
  await next(second);
});

// Attack: a thief with the old token waits for its answer, as everybody does.
test('a sender who waits for the answer is a thief, also after a long time at the read', async () => {
  const first = await signIn();
  const held = holdWrite(at.database.pool, READ);
  const thief = ask(first);
  await held.reached;
  const second = await next(first);
  held.restore();
  expect((await thief).statusCode).toBe(403);
  await expectEnded(second);
});

/** Runs `work` while the node has just woken after six seconds. Then the time of such requests is over. */
async function afterStandstill(work: () => Promise<void>): Promise<void> {
  const wokeAt = systemClock.monotonicMs() + 6_000;
  const base = wokeAt - performance.now();
  const clock = vi.spyOn(systemClock, 'monotonicMs').mockReturnValue(wokeAt);
  await work();
  clock.mockImplementation(() => performance.now() + base + 2_000);
}

// A proxy keeps its connection open when its client gives up, so the node that wakes cannot know. With HAProxy that was so.
describe('a node that stood still, behind a proxy', () => {
  test('a request that waited does nothing: the token is used at another node, before it wakes', async () => {
    const first = await signIn();
    const held = holdWrite(at.database.pool, READ);
    const stale = ask(first);
    await held.reached;
    const second = await next(first);
    await afterStandstill(async () => {
      held.restore();
      expect((await stale).statusCode).toBe(503);
    });
    await next(second);
  });

  test('a request that waited does nothing: the token is used at another node, after it woke', async () => {
    const first = await signIn();
    const before = await countRotations();
    await afterStandstill(async () => {
      const stale = await ask(first);
      expect([stale.statusCode, stale.headers['retry-after']]).toEqual([503, '1']);
    });
    expect([await countRotations(), await rowsOf(first)]).toEqual([before, []]);
    await next(await next(first));
  });

  test('between the rotation and its answer: it is undone', async () => {
    const first = await signIn();
    const held = holdWrite(at.database.pool, /rotated as/);
    const stale = ask(first);
    await held.reached;
    await afterStandstill(async () => {
      held.restore();
      expect((await stale).statusCode).toBe(503);
    });
    await expect.poll(() => rowsOf(first)).toEqual([]);
    await next(first);
  });

  // ADR 0097: nobody else can know of that rotation, so this is the one case that the leeway of an application is for.
  test.each([
    { leeway: 0, status: 403 },
    { leeway: 60, status: 200 },
  ])('the token is repeated at another node before it wakes, with a leeway of $leeway s: $status', async (row) => {
    await at.run('update clients set refresh_leeway_seconds = $1', [row.leeway]);
    const first = await signIn();
    const lost = await next(first);
    const opened = await lostOne(first, lost);
    at.advance(1);
    const repeat = await ask(first);
    expect(repeat.statusCode).toBe(row.status);
    // The node wakes, and undoes what nobody got.
    lostRotationsOf(at.database.pool).add(opened);
    if (row.status === 200) await next(repeat.json().refresh_token);
    else await expectEnded(first);
  });
});
