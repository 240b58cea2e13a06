/**
 * Rows for what cookies cannot take: found by their key alone, sealed, limited for each network and in all, never at
 * the cost of another network.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { networksOf } from '../../src/kernel/networks.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { createCookieOverflow } from '../../src/storage/cookie-overflow.js';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.pool.query('delete from cookie_overflow'));

const NOW = new Date('2026-11-25T12:00:00Z');
const box = createSecretBox(Buffer.alloc(32, 1), 'rows', systemEntropy);
const newKey = () => systemEntropy.bytes(32);
const open = (most?: number) => createCookieOverflow(database.pool, box, most);
let begun = 0;

/** A row of the address; each expires a moment after the one before. */
async function put(ip: string, { key = newKey(), replaces = [] as Buffer[], most = 10_000 } = {}) {
  const entry = { key, content: Buffer.from(`of ${ip}`), replaces, networks: networksOf(ip) };
  begun += 1;
  const expiresAt = new Date(NOW.getTime() + 3_600_000 + begun);
  return { key, done: await open(most).put({ ...entry, expiresAt }, NOW) };
}
const count = async () =>
  (await database.pool.query<{ n: number }>('select count(*)::integer as n from cookie_overflow')).rows[0]?.n;

test('comes back by its key while it has not expired, and by nothing else', async () => {
  const { key } = await put('192.0.2.1');
  expect((await open().find(key, NOW))?.toString()).toBe('of 192.0.2.1');
  expect(await open().find(newKey(), NOW)).toBeUndefined();
  expect(await open().find(key, new Date(NOW.getTime() + 7_200_000))).toBeUndefined();
  await open().remove([key]);
  expect(await open().find(key, NOW)).toBeUndefined();
});

test('a row that is moved to another key does not open', async () => {
  const one = await put('192.0.2.1');
  const other = await put('192.0.2.1');
  await database.pool.query(
    `update cookie_overflow set content_sealed = (select content_sealed from cookie_overflow order by expires_at limit 1)`,
  );
  expect(await open().find(one.key, NOW)).toBeDefined();
  expect(await open().find(other.key, NOW)).toBeUndefined();
});

test('the same key is the same row, and the ones that it replaces go', async () => {
  const one = await put('192.0.2.1');
  await put('192.0.2.1', { key: one.key });
  expect(await count()).toBe(1);
  const next = await put('198.51.100.7', { replaces: [one.key] });
  expect(await count()).toBe(1);
  expect(await open().find(next.key, NOW)).toBeDefined();
});

test.each([
  ['one address', 100, () => '192.0.2.1'],
  ['one /64', 100, (n: number) => `2001:db8:0:1::${n.toString(16)}`],
  ['one /56', 150, (n: number) => `2001:db8:0:${(n % 256).toString(16)}::1`],
  ['one /48', 200, (n: number) => `2001:db8:0:${(n * 64).toString(16)}::1`],
  ['one /24', 200, (n: number) => `192.0.2.${n % 250}`],
])('%s has %i rows at most, its oldest goes, and others keep theirs', async (_name, most, addressOf) => {
  const other = await put('203.0.113.9');
  const own: Buffer[] = [];
  for (let n = 1; n <= most + 20; n++) own.push((await put(addressOf(n))).key);
  expect(await count()).toBe(most + 1);
  expect(await open().find(other.key, NOW)).toBeDefined();
  expect(await open().find(own[0] as Buffer, NOW)).toBeUndefined();
  expect(await open().find(own.at(-1) as Buffer, NOW)).toBeDefined();
});

test('where there are as many as there may be, a machine gives up its own oldest, and one without any gets none', async () => {
  const first = await put('192.0.2.1', { most: 3 });
  await put('192.0.2.1', { most: 3 });
  const other = await put('203.0.113.9', { most: 3 });
  expect((await put('198.51.100.7', { most: 3 })).done).toBe(false);
  expect((await put('192.0.2.1', { most: 3 })).done).toBe(true);
  expect(await count()).toBe(3);
  expect(await open().find(first.key, NOW)).toBeUndefined();
  // A key that is there already can be written again.
  expect((await put('203.0.113.9', { key: other.key, most: 3 })).done).toBe(true);
});

test('many at the same moment: no call fails, and no more stay than the calls at once', async () => {
  await Promise.all(Array.from({ length: 300 }, () => put('192.0.2.1')));
  await put('192.0.2.1');
  expect(await count()).toBe(100);
});

test('shows no address, no content and no key', async () => {
  const { key } = await put('192.0.2.1');
  const { rows } = await database.pool.query('select * from cookie_overflow');
  const text = rows
    .map((row) => Object.values(row).map((value) => Buffer.from(value as Buffer).toString('latin1')))
    .join();
  for (const secret of ['192.0.2', 'of 192', key.toString('latin1')]) expect(text).not.toContain(secret);
});

test('is cleaned up when it has expired', async () => {
  await put('192.0.2.1');
  await cleanUp(database.pool, NOW, { logDays: 1 });
  expect(await count()).toBe(1);
  await cleanUp(database.pool, new Date(NOW.getTime() + 7_200_000), { logDays: 1 });
  expect(await count()).toBe(0);
});
