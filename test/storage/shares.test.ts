/** The shares of database connections: who is served before whom when one organization or one person asks for too much. */
import type pg from 'pg';
import { expect, test } from 'vitest';
import { countWaiting, createLoadReaders, withinShare } from '../../src/storage/shares.js';

/** A pool of eight connections: six for such work, two for an organization, one for a person. */
const poolOf = () => ({ options: { max: 8, connectionTimeoutMillis: 5_000 }, waitingCount: 0 }) as unknown as pg.Pool;

/** Work that runs until it is told to end, and says when it has begun. */
function createWorks(pool: pg.Pool) {
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (name: string, organizationId: string | undefined, userId: string | undefined) =>
    withinShare(pool, { organizationId, userId }, () => {
      begun.push(name);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
  const endAll = async (all: readonly Promise<void>[]) => {
    let isOver = false;
    void Promise.all(all).then(() => {
      isOver = true;
    });
    while (!isOver) {
      for (const end of ends.splice(0)) end();
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { begun, ask, endAll };
}

// Attack: one member sends hundreds of renewals at once, and their colleagues wait in line behind them.
test('one person leaves their colleagues a place, and waits for their own', async () => {
  const { begun, ask, endAll } = createWorks(poolOf());
  const loop = Array.from({ length: 20 }, () => ask('mallory', 'acme', 'auth0|mallory'));
  const others = [ask('colleague', 'acme', 'auth0|dana'), ask('other', 'bolt', 'auth0|olga')];
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(['mallory', 'colleague', 'other']);
  await endAll([...loop, ...others]);
  expect(begun).toHaveLength(22);
});

test('one organization of many people leaves the others theirs', async () => {
  const { begun, ask, endAll } = createWorks(poolOf());
  const crowd = Array.from({ length: 20 }, (_, index) => ask('crowd', 'acme', `auth0|${index}`));
  const others = [ask('other', 'bolt', 'auth0|olga'), ask('machine', undefined, undefined)];
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toEqual(expect.arrayContaining(['crowd', 'crowd', 'other', 'machine']));
  expect(begun).toHaveLength(4);
  await endAll([...crowd, ...others]);
});

test('writes that wait for a place are counted, once each, until they have it', async () => {
  const pool = poolOf();
  const { ask, endAll } = createWorks(pool);
  expect(countWaiting(pool)).toBe(0);
  const crowd = Array.from({ length: 20 }, (_, index) => ask('crowd', 'acme', `auth0|${index}`));
  await new Promise((resolve) => setImmediate(resolve));
  expect(countWaiting(pool)).toBe(18);
  await endAll(crowd);
  expect(countWaiting(pool)).toBe(0);
});

test('a crowd is what all writes together wait for; one organization that waits for itself is none', async () => {
  const pool = poolOf();
  const { readDatabaseWaiting } = createLoadReaders(pool);
  const { ask, endAll } = createWorks(pool);
  const locked = Array.from({ length: 20 }, (_, index) => ask('locked', 'acme', `auth0|${index}`));
  await new Promise((resolve) => setImmediate(resolve));
  expect(readDatabaseWaiting()).toBe(0);
  const others = Array.from({ length: 10 }, (_, index) => ask('other', `org-${index}`, `auth0|o${index}`));
  await new Promise((resolve) => setImmediate(resolve));
  // Six places: two are of the locked organization.
  expect(readDatabaseWaiting()).toBe(6);
  await endAll([...locked, ...others]);
  expect(readDatabaseWaiting()).toBe(0);
});

// Attack: three waits one after the other held a request for fifteen seconds, and its answer for twelve more.
test('all three queues together wait no longer than one wait for a connection', async () => {
  const pool = { options: { max: 8, connectionTimeoutMillis: 2_000 } } as unknown as pg.Pool;
  const { ask, endAll } = createWorks(pool);
  let leave = () => {};
  const own = withinShare(
    pool,
    { organizationId: 'acme', userId: 'auth0|dana' },
    () =>
      new Promise<void>((resolve) => {
        leave = resolve;
      }),
  );
  const colleagues = [ask('colleague', 'acme', 'auth0|olga'), ask('next', 'acme', 'auth0|pat')];
  await new Promise((resolve) => setImmediate(resolve));
  const begunAt = performance.now();
  const late = ask('late', 'acme', 'auth0|dana').catch((error: unknown) => error);
  // It gets the place of its person, and then waits for one of its organization.
  setTimeout(() => leave(), 1_500);
  expect(await late).toMatchObject({ kind: 'timeout', retryable: true });
  expect(performance.now() - begunAt).toBeLessThan(3_000);
  expect(countWaiting(pool)).toBe(0);
  await endAll([own, ...colleagues]);
});
