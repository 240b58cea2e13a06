/** Which kinds of password hashes are stored: what a wrong password's time is made equal to. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStoredHashes } from '../../src/storage/secrets/stored-hashes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createManualClock } from '../support/manual-clock.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `insert into connections (id, name, strategy, revision, created_at, updated_at)
     select 'con_1', 'database', 'auth0', '1', now(), now()`,
  );
});
afterAll(() => database.drop());

async function store(...hashes: readonly string[]): Promise<void> {
  for (const hash of hashes) {
    const { rows } = await database.pool.query('select count(*) as n from users');
    const id = `auth0|${rows[0].n}`;
    await database.pool.query('insert into users (user_id, created_at, updated_at) values ($1, now(), now())', [id]);
    await database.pool.query(`insert into password_credentials values ($1, 'con_1', $1, $2, now())`, [id, hash]);
  }
}
const SALT = `${'x'.repeat(22)}`;
const bcrypt = (cost: string) => `$2b$${cost}$${SALT}${'h'.repeat(31)}`;
const argon2 = (parameters: string) => `$argon2id$v=19$${parameters}$${SALT}$${'h'.repeat(43)}`;
const wrapped = (work: string) => `$wrapped$${work}$eyJ9${argon2('m=19456,t=2,p=1')}`;

test('one beginning of each kind, without salts; own parameters and ended passwords are none; a minute old at most', async () => {
  const clock = createManualClock();
  const find = createStoredHashes(database.pool, clock);
  await store(argon2('m=19456,t=2,p=1'), '!');
  expect(await find()).toEqual([]);
  await store(bcrypt('10'), bcrypt('10'), bcrypt('12'), argon2('m=65536,t=3,p=4'));
  await store(
    argon2('m=4096,t=3,p=1').replace('argon2id', 'argon2i'),
    wrapped('none'),
    wrapped('pbkdf2-sha512=210000'),
  );
  clock.advanceMs(59_999);
  expect(await find()).toEqual([]);
  clock.advanceMs(1);
  expect([...(await find())].sort()).toEqual(
    [
      '$2b$10$',
      '$2b$12$',
      '$argon2id$v=19$m=65536,t=3,p=4$',
      '$argon2i$v=19$m=4096,t=3,p=1$',
      '$wrapped$none$',
      '$wrapped$pbkdf2-sha512=210000$',
    ].sort(),
  );
});

test('what could not be read is read again', async () => {
  const broken = { ...database.pool, query: () => Promise.reject(new Error('gone')) };
  const find = createStoredHashes(broken as never, createManualClock());
  await expect(find()).rejects.toThrow();
  Object.assign(broken, { query: async () => ({ rows: [{ beginning: '$2b$10$' }] }) });
  expect(await find()).toEqual(['$2b$10$']);
});
