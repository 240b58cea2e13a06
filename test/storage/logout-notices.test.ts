/** The worker that tells applications of ended sessions: one that does not answer is left alone, and asked again by one notice. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemEntropy } from '../../src/kernel/ids.js';
import type { LogoutDeliveryEnd } from '../../src/ports/logout-delivery.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createLogoutNoticeWorker } from '../../src/storage/jobs/run-logout-notices.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { createManualClock } from '../support/manual-clock.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const count = async (query: string) => Number((await database.pool.query<{ n: string }>(query)).rows[0]?.n);

test('an application that does not answer is left alone for a while, and then asked by one notice', async () => {
  const { pool } = database;
  const url = 'https://app.example/logout';
  await pool.query(
    `insert into clients (client_id, name, extra, created_at, updated_at) values ('crowded', 'Crowded', $1, now(), now())`,
    [{ oidc_logout: { backchannel_logout_urls: [url] } }],
  );
  await pool.query(
    `insert into logout_notices (user_id, session_id, client_id, initiator)
     select 'auth0|crowd', 'session ' || n, 'crowded', 'rp-logout' from generate_series(1, 12) n`,
  );
  let end: LogoutDeliveryEnd = { kind: 'failed', reason: 'the application answered 503' };
  let asked = 0;
  const clock = createManualClock();
  const worker = createLogoutNoticeWorker({
    ...{ pool, clock, log: silentLog, entropy: systemEntropy },
    delivery: {
      deliver: async () => {
        asked += 1;
        return end;
      },
    },
  });
  const failures = () => count(`select count(*) n from logs where type = 'oidc_backchannel_logout_failed'`);

  await worker.drain();
  expect(await failures(), 'each notice has its line').toBe(12);
  expect(asked, 'as many as a node sends at once; the others saw their failure').toBeLessThanOrEqual(10);

  const before = asked;
  clock.advanceMs(4_000);
  await worker.drain();
  expect(asked, 'the pause is not over').toBe(before);
  clock.advanceMs(4_000);
  await worker.drain();
  expect(asked, 'one notice asks for all').toBe(before + 1);

  end = { kind: 'told' };
  clock.advanceMs(60_000);
  await worker.drain();
  expect(await count('select count(*) n from logout_notices')).toBe(0);
  expect(await failures(), 'a notice that fails again leaves no second line').toBe(12);
});
