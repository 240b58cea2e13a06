/**
 * A SCIM write that waits for somebody else's: it locks and reads its person in one statement, so the person must come as the other left them.
 * Each case holds the first write open until the second one waits.
 */
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import type { Directory, DirectoryStore } from '../../src/ports/directory.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
let directory: DirectoryStore;
let first: pg.PoolClient;

const scope = { connectionId: 'con_acme', idBase: 'oidc|acme', externalIdIsSubject: true };
const ID = 'oidc|acme|s1';

beforeAll(async () => {
  database = await createTestDatabase();
  directory = createDirectory(database.pool, createSecretBox(Buffer.alloc(32, 7), 'rows', systemEntropy));
});
afterAll(() => database?.drop());

beforeEach(async () => {
  for (const statement of [
    'truncate users, connections, organizations, clients cascade',
    `insert into connections (id, name, strategy, revision, created_at, updated_at) values ('con_acme', 'acme', 'oidc', 'r', now(), now())`,
    `insert into organizations (id, name, created_at, updated_at) values ('org_acme', 'acme', now(), now())`,
    `insert into organization_connections (organization_id, connection_id, revision, created_at) values ('org_acme', 'con_acme', 'r', now())`,
    `insert into users (user_id, created_at, updated_at) values ('${ID}', now(), now()), ('auth0|other', now(), now())`,
    `insert into members (organization_id, user_id, via, created_at) values ('org_acme', '${ID}', 'management', now())`,
    `insert into identities (user_id, id, connection_id, status, issuer, subject, is_primary, scim, scim_id, created_at)
      values ('${ID}', 'i1', 'con_acme', 'expected', 'https://idp.acme.example', 's1', true, '{"displayName": "before"}', '${ID}', now())`,
  ])
    await database.pool.query(statement);
  first = await database.pool.connect();
  await first.query('begin');
});
afterEach(async () => {
  await first.query('rollback');
  first.release();
});

async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await database.pool.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}

/** Runs `work` in a transaction of the directory while `statements` are done and not committed; commits them as soon as it waits. */
async function meet<T>(statements: readonly string[], work: (directory: Directory) => Promise<T>): Promise<T> {
  for (const statement of statements) await first.query(statement);
  const second = directory.transaction(work);
  await untilSomebodyWaits();
  await first.query('commit');
  return second;
}

const TOKEN_COLUMNS =
  'user_id, token_hash, parent_hash, family_id, client_id, connection_id, scope, authenticated_at, created_at, expires_at, idle_expires_at';
const token = (hash: string, parent: string) =>
  `insert into refresh_tokens (${TOKEN_COLUMNS}) values ('${ID}', '${hash}', ${parent}, 'f', 'app', 'con_acme', '', now(), now(), now(), now())`;

const lock = ({ scim }: Directory) => scim.findPersonForUpdate(scope, ID);
const LOCK_USER = `select 1 from users where user_id = '${ID}' for no key update`;
const WRITE_IDENTITY = `update identities set scim = '{"displayName": "after"}' where id = 'i1'`;

test.each([
  ['account and identity', [LOCK_USER, `update users set blocked = true where user_id = '${ID}'`, WRITE_IDENTITY]],
  ['the identity alone, under the lock of the account', [LOCK_USER, WRITE_IDENTITY]],
  ['the identity alone', [WRITE_IDENTITY]],
])('case=a write of %s meanwhile is seen', async (_what, statements) => {
  const person = await meet(statements, lock);
  expect(person?.identity.scim).toEqual({ displayName: 'after' });
  expect(person?.user.blocked).toBe(statements.length === 3);
});

test('case=a person who is linked to another account meanwhile is found and locked there', async () => {
  const link = `update identities set user_id = 'auth0|other', is_primary = false where id = 'i1'`;
  const read = async (directory: Directory) => {
    const person = await lock(directory);
    const { rows } = await database.pool.query(
      `select user_id from users where user_id not in (select user_id from users for no key update skip locked)`,
    );
    return [person?.user.userId, person?.identity.isPrimary, person?.scimId, rows];
  };
  const locked = expect.arrayContaining([{ user_id: 'auth0|other' }]);
  expect(await meet([LOCK_USER, link], read)).toEqual(['auth0|other', false, ID, locked]);
});

test('case=a person who is deleted meanwhile is gone', async () => {
  expect(await meet([`delete from users where user_id = '${ID}'`], lock)).toBeUndefined();
});

test('case=a break-glass flag that is given meanwhile is seen after the lock', async () => {
  const flag = [
    `select 1 from users where user_id = '${ID}' for share`,
    `update members set break_glass = true where user_id = '${ID}'`,
  ];
  const found = await meet(flag, async (directory) => {
    await lock(directory);
    return directory.members.lockWaysIn({ lockedUserId: ID });
  });
  expect(found).toEqual(['org_acme']);
});

test.each<[string, (directory: Directory) => Promise<void>]>([
  ['all access', ({ users }) => users.endSessions(ID, new Date())],
  ['the access by one connection', ({ scim }) => scim.endAccess(ID, 'con_acme')],
])('case=a refresh token that is rotated meanwhile ends with %s, and so does the new one', async (_what, end) => {
  await database.pool.query(
    `insert into clients (client_id, name, created_at, updated_at) values ('app', 'app', now(), now())`,
  );
  await database.pool.query(token('old', 'null'));
  const rotation = [
    `select 1 from users where user_id = '${ID}' for key share`,
    `update refresh_tokens set rotated_at = now() where token_hash = 'old'`,
    token('new', "'old'"),
  ];
  await meet(rotation, async (directory) => {
    await lock(directory);
    await end(directory);
  });
  const { rows } = await database.pool.query('select token_hash from refresh_tokens where revoked_at is null');
  expect(rows).toEqual([]);
});
