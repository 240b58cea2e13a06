/**
 * A bulk import whose database fails at each call in each way, and whose server is killed at random instants. Afterwards every
 * user of the file is there once, whole, and counted once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createPasswordConnector, isCheckableHash } from '../../src/connectors/password.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { createSecretBox } from '../../src/kernel/seal.js';
import { parseUsersFile } from '../../src/management/users/user-import-file.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool } from '../../src/storage/database/pool.js';
import { createDirectory } from '../../src/storage/directory/index.js';
import { createUserImportWorker } from '../../src/storage/jobs/run-user-imports.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { FAULT_MODES, makeFaulty } from '../support/faulty-pool.js';
import { createImporter } from '../support/import-users.js';
import { createManualClock } from '../support/manual-clock.js';
import { SEED } from '../support/random.js';
import { startServerProcess } from '../support/server-process.js';
import { SHARE_FIRST, SHARE_STEP } from '../support/share.js';

/** Users with all that belongs to them, and what the job says. */
async function readState({ pool }: Pick<TestDatabase, 'pool'>) {
  const users = await pool.query(
    `select u.email from users u join identities i using (user_id) join password_credentials p using (user_id)
      where u.email = p.email and 'auth0|' || i.subject = u.user_id order by u.email`,
  );
  const counts = await pool.query(
    `select (select count(*)::int from users) as users, (select count(*)::int from identities) as identities,
            (select count(*)::int from password_credentials) as credentials, (select count(*)::int from user_import_errors) as errors,
            (select count(*)::int from logs where type = 'sui') as lines`,
  );
  const job = await pool.query(
    'select status, total, inserted, updated, failed, file_sealed is null as file_gone from user_import_jobs',
  );
  return { emails: users.rows.map((row) => row.email as string), counts: counts.rows[0], job: job.rows[0] };
}

test.each(FAULT_MODES)('every call fails once (%s): each user once', { timeout: 120_000 }, async (mode) => {
  const database = await createTestDatabase();
  const pool = createPool({ url: database.url, log: silentLog });
  const box = createSecretBox(systemEntropy.bytes(32), 'rows', systemEntropy);
  const clock = createManualClock();
  const faults = makeFaulty(pool);
  const directory = createDirectory(pool, box);
  const connectionId = 'con_0123456789abcdef';
  await database.pool.query(
    `insert into connections (id, name, strategy, show_as_button, is_domain_connection, domain_aliases, revision, created_at, updated_at)
     values ($1, 'Users', 'auth0', true, false, '{}', 'r', now(), now())`,
    [connectionId],
  );
  const passwords = createPasswordConnector({ entropy: systemEntropy });
  const md5 = { algorithm: 'md5', hash: { value: 'a'.repeat(32), encoding: 'hex' } };
  const file = Buffer.from(
    JSON.stringify([
      { email: 'a@acme.example', custom_password_hash: md5 },
      { email: 'nobody' },
      { email: 'b@acme.example', user_id: 'b' },
    ]),
  );
  let calls = 0;
  try {
    for (let nth = SHARE_FIRST; ; nth += SHARE_STEP) {
      await database.pool.query('delete from users; delete from user_import_jobs; delete from logs');
      const job = { id: `job_${nth}`, connectionId, upsert: false, externalId: undefined, notify: undefined };
      await directory.imports.create({ ...job, clientId: 'm2m', createdAt: clock.now(), file }, 2);
      const worker = createUserImportWorker({
        pool,
        directory,
        box,
        parseFile: (bytes) => parseUsersFile(bytes, isCheckableHash),
        passwords,
        onMailQueued: () => {},
        clock,
        entropy: systemEntropy,
        log: silentLog,
      });
      faults.arm(nth, mode);
      await worker.drain().catch(() => undefined);
      const failed = faults.disarm();
      // Each job that is left waits for its next attempt, or until its lease expires.
      clock.advanceMs(61_000);
      await worker.drain();
      expect(await readState(database), `call ${nth}: ${failed[0]}`).toEqual({
        emails: ['a@acme.example', 'b@acme.example'],
        counts: { users: 2, identities: 2, credentials: 2, errors: 1, lines: 1 },
        job: { status: 'completed', total: 3, inserted: 2, updated: 0, failed: 1, file_gone: true },
      });
      if (failed.length === 0) break;
      calls = nth;
    }
  } finally {
    await pool.end();
    await database.drop();
  }
  expect(calls).toBeGreaterThan(15);
});

test(`kill -9 in the middle of an import, seed ${SEED}: the next server goes on, and nobody is lost or doubled`, async () => {
  const database = await createTestDatabase();
  const origin = 'http://localhost:1';
  const start = () => startServerProcess({ databaseUrl: database.url, origin });
  const users = Array.from({ length: 400 }, (_item, index) => ({
    email: `u${index}@acme.example`,
    user_id: `u${index}`,
  }));
  const positions: number[] = [];
  let server = await start();
  try {
    await database.pool.query(
      `insert into connections (id, name, strategy, show_as_button, is_domain_connection, domain_aliases, revision, created_at, updated_at)
       values ('con_0123456789abcdef', 'Users', 'auth0', true, false, '{}', 'r', now(), now())`,
    );
    const importer = await createImporter(`http://127.0.0.1:${server.port}`, 'con_0123456789abcdef', origin);
    await importer.start([...users, { email: 'nobody' }]);
    for (let kill = 0; kill < 3; kill += 1) {
      const from = positions.at(-1) ?? 0;
      const position = async () =>
        (await database.pool.query('select position from user_import_jobs')).rows[0].position;
      await expect.poll(position, { timeout: 20_000, interval: 5 }).toBeGreaterThan(from + 10);
      await pause((SEED >> kill) % 60);
      await server.kill();
      positions.push(await position());
      // The lease of a node that is gone runs out after a minute: let it be now.
      await database.pool.query('update user_import_jobs set next_attempt_at = now() where finished_at is null');
      server = await start();
    }
    await expect
      .poll(async () => (await readState(database)).job.status, { timeout: 60_000, interval: 100 })
      .toBe('completed');
    const { emails, counts, job } = await readState(database);
    expect(emails).toEqual(users.map(({ email }) => email).sort());
    expect(counts).toEqual({ users: 400, identities: 400, credentials: 400, errors: 1, lines: 1 });
    expect(job).toMatchObject({ total: 401, inserted: 400, updated: 0, failed: 1, file_gone: true });
  } finally {
    await server.kill();
    await database.drop();
  }
  expect(
    positions.some((position) => position > 0 && position < 401),
    positions.join(),
  ).toBe(true);
}, 180_000);
