/** Snapshots of the directory under the lists of the double: each shows one instant, and one that fails is given up. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLag, type Lag } from '../../src/double/lag.js';
import { openPoolSnapshot } from '../../src/double/pool-views.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { toDefaults } from '../../src/management/api/fields.js';
import { ORGANIZATION_FIELDS } from '../../src/management/organizations/fields.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const BOX = createSecretBox(Buffer.alloc(32, 7), 'rows', systemEntropy);
const log = { warn: () => {} };
const at = new Date('2026-11-27T12:00:00Z');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const organization = (name: string) => ({
  id: `org_${name.padEnd(16, '0')}`,
  ...toDefaults(ORGANIZATION_FIELDS),
  name,
  branding: { logoUrl: undefined, primaryColor: undefined, pageBackground: undefined },
  metadata: {},
  createdAt: at,
  updatedAt: at,
});

const openSnapshot = async () => {
  const { pool, close } = await openPoolSnapshot(database.pool);
  return { directory: createDirectory(pool as typeof database.pool, BOX), close };
};
const names = (lag: Lag) =>
  lag.read(async (old) => (await old.organizations.list({ limit: 10, count: true })).items.map(({ name }) => name));

test('case=a snapshot is of the instant at which it was opened, and after a failure reads are of the present', async () => {
  const directory = createDirectory(database.pool, BOX);
  const lag = await createLag({ directory, lagMs: 600_000, openSnapshot, log });
  try {
    await directory.organizations.create(organization('late'));
    expect(await names(lag)).toEqual([]);
    expect(await Promise.all([names(lag), names(lag), names(lag)])).toEqual([[], [], []]);
    // PostgreSQL refuses a negative limit, and the transaction of the snapshot with it.
    await expect(lag.read((old) => old.organizations.list({ limit: -10 }))).rejects.toThrow();
    expect(await names(lag)).toEqual(['late']);
  } finally {
    await lag.close();
  }
  expect(database.pool.idleCount, 'every connection is given back').toBe(database.pool.totalCount);
});

test('case=a snapshot writes nothing', async () => {
  const snapshot = await openSnapshot();
  try {
    await expect(snapshot.directory.organizations.create(organization('never'))).rejects.toThrow();
  } finally {
    await snapshot.close();
    await snapshot.close();
  }
  await expect(snapshot.directory.organizations.list({ limit: 1 }), 'closed').rejects.toThrow('after it was closed');
});
