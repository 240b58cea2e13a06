/** Behind a pooler in transaction mode: with the setting logins work, without it the start is refused; never ready and broken. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool } from '../../src/storage/database/pool.js';
import { createCast, PASSWORD, Visitor } from '../support/cast.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startInstance } from '../support/instance.js';
import { askForTokens } from '../support/login-stories.js';
import { startTransactionPooler, type TransactionPooler } from '../support/transaction-pooler.js';

let database: TestDatabase;
let pooler: TransactionPooler | undefined;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  await pooler?.stop();
  await database.drop();
});

test.each([
  { name: 'refuses the limits', ignoresSettings: false },
  { name: 'drops the limits without a word', ignoresSettings: true },
])('without the setting: a pooler that $name stops the start', async ({ ignoresSettings }) => {
  pooler = await startTransactionPooler(database.url, { ignoresSettings });
  const starting = startInstance({ database, environment: { DATABASE_URL: pooler.url } });
  await expect(starting).rejects.toThrow(/VESTIBULE_DATABASE_POOLER=transaction/);
});

test('it loses named statements, and with the setting there are none', async () => {
  pooler = await startTransactionPooler(database.url, { ignoresSettings: true });
  const askTwice = async (setting: 'none' | 'transaction') => {
    const pool = createPool({ url: pooler?.url ?? '', log: silentLog, pooler: setting, maxConnections: 1 });
    try {
      const statement = { name: 'once', text: 'select 1 as n' };
      await pool.query(statement);
      return (await pool.query(statement)).rows;
    } finally {
      await pool.end();
    }
  };
  await expect(askTwice('none')).rejects.toThrow(/prepared statement "once" does not exist/);
  expect(await askTwice('transaction')).toEqual([{ n: 1 }]);
});

test('with the setting: logins by password and by the company, tokens and refresh', async () => {
  pooler = await startTransactionPooler(database.url, { ignoresSettings: false });
  const environment = { DATABASE_URL: pooler.url, VESTIBULE_DATABASE_POOLER: 'transaction' };
  const instance = await startInstance({ database, environment });
  const cast = await createCast(instance);
  try {
    await cast.createMember('paula@plain.example');
    await cast.createMember('dana@acme.example');
    for (let round = 0; round < 3; round += 1) {
      const paula = new Visitor(cast);
      const tokens = await paula.redeem(await paula.withPassword('paula@plain.example', PASSWORD));
      const refreshed = await askForTokens(cast, {
        grant_type: 'refresh_token',
        refresh_token: tokens.refreshToken,
      });
      expect(refreshed.status).toBe(200);
      const dana = new Visitor(cast);
      expect((await dana.redeem(await dana.throughSso('dana', 'dana@acme.example'))).claims).toMatchObject({
        email: 'dana@acme.example',
      });
    }
    expect((await fetch(`${instance.origin}/health/ready`)).status).toBe(200);
  } finally {
    await cast.stop();
    await instance.stop();
  }
}, 60_000);
