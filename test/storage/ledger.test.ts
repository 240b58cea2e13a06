import { afterAll, beforeAll, expect, test } from 'vitest';
import { newLogId, systemEntropy } from '../../src/kernel/ids.js';
import { createLedger } from '../../src/storage/database/ledger.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function readBack(logId: string): Promise<Record<string, unknown> | undefined> {
  return (await database.pool.query('select * from logs where log_id = $1', [logId])).rows[0];
}

test('case=a line comes back whole', async () => {
  const date = new Date('2026-01-02T03:04:05.678Z');
  const logId = newLogId(systemEntropy, date);
  const details = {
    reference: 'V-7KQ2-M9XT',
    trace: [{ stage: 'admit', rule: 'invited', answer: 'pass', evidence: {} }],
  };
  const texts = { type: 's', description: 'd', ip: '::1', userAgent: 'Firefox' };
  const ids = { organizationId: 'org_1', clientId: 'c', userId: 'u', connectionId: 'con_1' };
  await createLedger(database.pool).append({ logId, date, details, ...texts, ...ids });
  expect(await readBack(logId)).toEqual({
    log_id: logId,
    date,
    details,
    type: 's',
    description: 'd',
    ip: '::1',
    user_agent: 'Firefox',
    organization_id: 'org_1',
    client_id: 'c',
    user_id: 'u',
    connection_id: 'con_1',
    // The number of its transaction, for log streams.
    position: expect.any(Number),
  });
});

test('case=what is left out is null, no organization is the empty string', async () => {
  const date = new Date();
  const logId = newLogId(systemEntropy, date);
  await createLedger(database.pool).append({ logId, date, type: 'f', details: {} });
  expect(await readBack(logId)).toMatchObject({
    organization_id: '',
    description: null,
    user_agent: null,
    details: {},
  });
});

// A browser sends any header, an IdP any claim: neither may turn the line about it into an error.
test('case=characters that PostgreSQL refuses are replaced, all others are kept', async () => {
  const date = new Date();
  const logId = newLogId(systemEntropy, date);
  const evidence = {
    'key\0': 'a\0b',
    surrogate: 'x\ud800y',
    low: '\udfff',
    pair: '😀',
    escaped: '\\u0000 \\\\u0000 \\ud800',
    list: ['\0'],
  };
  await createLedger(database.pool).append({
    logId,
    date,
    type: 'f',
    userAgent: 'a\0b\ud800',
    clientId: '\0',
    details: { evidence },
  });
  expect(await readBack(logId)).toMatchObject({
    user_agent: 'a\uFFFDb\uFFFD',
    client_id: '\uFFFD',
    details: {
      evidence: {
        'key\uFFFD': 'a\uFFFDb',
        surrogate: 'x\uFFFDy',
        low: '\uFFFD',
        pair: '😀',
        escaped: '\\u0000 \\\\u0000 \\ud800',
        list: ['\uFFFD'],
      },
    },
  });
});
