/** The directory's prepared statements: each connection plans them once, and none has a name behind a pooler that changes server processes. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLedger } from '../../src/storage/database/ledger.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool, type Pooler } from '../../src/storage/database/pool.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

/** Returns the statements that one connection has prepared after two lines of the log. */
async function preparedAfterLines(pooler: Pooler): Promise<readonly string[]> {
  const pool = createPool({ url: database.url, log: silentLog, maxConnections: 1, pooler });
  try {
    const ledger = createLedger(pool);
    const line = { date: new Date(), type: 'sapi', details: {} };
    for (const place of ['first', 'second']) await ledger.append({ ...line, logId: `${pooler}-${place}` });
    const { rows } = await pool.query<{ name: string }>('select name from pg_prepared_statements');
    return rows.map(({ name }) => name);
  } finally {
    await pool.end();
  }
}

test('case=a statement that is sent twice is prepared once', async () => {
  expect(await preparedAfterLines('none')).toEqual([expect.stringMatching(/^log-append-[0-9a-f]{24}$/)]);
});

test('case=behind a pooler in transaction mode nothing is prepared', async () => {
  expect(await preparedAfterLines('transaction')).toEqual([]);
});
