/** The tenant's own words in the memory of a process: read once for a revision, and a change is seen by the next read of every process. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { createLoginStore } from '../../src/storage/login-store/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createManualClock } from '../support/manual-clock.js';
import { recordStatements, type StatementRecorder } from '../support/recorded-statements.js';

const box = createSecretBox(systemEntropy.bytes(32), 'rows', systemEntropy);
let database: TestDatabase;
let recorder: StatementRecorder;

beforeAll(async () => {
  database = await createTestDatabase();
  recorder = recordStatements(database.pool);
});
afterAll(() => database.drop());

/** A process of its own. */
const startReads = () => createLoginStore(database.pool, box, ['auth0'], createManualClock()).reads;

const put = (prompt: string, language: string, texts: Record<string, Record<string, string>>) =>
  createDirectory(database.pool, box).transaction((directory) => directory.tenant.setTexts(prompt, language, texts));

beforeEach(async () => {
  for (const language of ['en', 'de', 'fr-CA']) await put('login-id', language, {});
});

test('case=a-tenant-without-texts-is-asked-for-none', async () => {
  const reads = startReads();
  const tenant = await recorder.during(() => reads.findTenant());
  expect(tenant.texts).toBeUndefined();
  expect(recorder.list().filter(({ text }) => text.includes('custom_texts'))).toEqual([]);
});

test('case=each-process-sees-a-change-at-its-next-read', async () => {
  const [one, two] = [startReads(), startReads()];
  for (const title of ['One', 'Two']) {
    await put('login-id', 'en', { 'login-id': { title } });
    for (const reads of [one, two])
      expect((await reads.findTenant()).texts).toEqual({ en: { 'login-id': { 'login-id': { title } } } });
  }
  await put('login-id', 'en', {});
  for (const reads of [one, two]) expect((await reads.findTenant()).texts).toBeUndefined();
});

test('case=texts-are-read-once-for-a-revision', async () => {
  const reads = startReads();
  await put('login-id', 'de', { 'login-id': { title: 'Hallo' } });
  await reads.findTenant();
  const before = recorder.list().length;
  await recorder.during(() => reads.findTenant());
  expect(
    recorder
      .list()
      .slice(before)
      .filter(({ text }) => text.includes('custom_texts')),
  ).toEqual([]);
});

test('case=a-locale-that-is-none-of-the-pages-reaches-none', async () => {
  await put('login-id', 'fr-CA', { 'login-id': { title: 'Allo' } });
  expect((await startReads().findTenant()).texts).toEqual({});
});

test('case=the-last-text-removed-does-not-hide-one-that-is-added-at-the-same-moment', async () => {
  await put('login-id', 'en', { 'login-id': { title: 'One' } });
  const waiting = "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
  let removed: Promise<void> | undefined;
  await createDirectory(database.pool, box).transaction(async (directory) => {
    await directory.tenant.setTexts('login-password', 'en', { 'login-password': { title: 'Two' } });
    // The other writer begins before this one has committed, and is waited for until it waits itself.
    removed = put('login-id', 'en', {});
    await expect.poll(async () => (await database.pool.query(waiting)).rowCount, { timeout: 20_000 }).toBe(1);
  });
  await removed;
  expect((await startReads().findTenant()).texts).toEqual({
    en: { 'login-password': { 'login-password': { title: 'Two' } } },
  });
  await put('login-password', 'en', {});
});
