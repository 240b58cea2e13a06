/** `vestibule doctor` on the installation itself: environment, database, keys, owner. Each finding is produced by the thing that it tells. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/kernel/clock.js';
import { createCast } from '../support/cast.js';
import { createTestDatabase } from '../support/database.js';
import { DOCTOR_KEY, environmentOf, type Found, runDoctor } from '../support/doctor.js';
import { type Instance, startInstance } from '../support/instance.js';
import { startTransactionPooler } from '../support/transaction-pooler.js';

const OTHER_KEY = Buffer.alloc(32, 9).toString('base64');

let instance: Instance;
let env: Record<string, string>;
let undo: (() => Promise<void>)[] = [];

beforeAll(async () => {
  instance = await startInstance();
  env = environmentOf(instance);
  const cast = await createCast(instance);
  undo.push(() => cast.stop());
});
afterAll(async () => {
  for (const step of undo) await step();
  undo = [];
  await instance?.stop();
});

const query = (text: string, values: unknown[] = []) => instance.database.pool.query(text, values);
const worst = (findings: readonly Found[]) => findings.filter(({ state }) => state === 'fail' || state === 'warn');

describe('beside a server that runs', () => {
  test('case=it is well but for mail and an owner; ends with 0, and writes nothing in the database', async () => {
    const before = await instance.snapshot();
    const diagnosis = await runDoctor(env);
    expect(worst(diagnosis.findings).map(({ area, state }) => `${state} ${area}`)).toEqual(['warn owner', 'warn mail']);
    expect(diagnosis.of('database')[0]?.found).toMatch(/^PostgreSQL \d+(\.\d+)*; its tables are of this version\.$/);
    expect(diagnosis.of('outside')).toMatchObject([{ state: 'ok', found: expect.stringContaining('directly') }]);
    expect(diagnosis.of('clock')).toMatchObject([
      { state: 'ok', found: 'Agrees with the database, the public address.' },
    ]);
    expect(diagnosis.of('keys')).toMatchObject([{ state: 'ok' }]);
    expect(diagnosis.of('actions')).toMatchObject([{ state: expect.stringMatching(/ok|warn/) }]);
    expect(diagnosis.code).toBe(0);
    expect(await instance.snapshot()).toEqual(before);
  });

  test('case=the table fits 80 columns, and says what to change in a line of its own', async () => {
    const { printed, code } = await runDoctor(env, {}, []);
    expect(printed.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(printed).toMatch(/^warn {2}owner {10}Nobody owns this server/m);
    expect(printed).toMatch(/^ +-> `vestibule operator invite ADDRESS`/m);
    expect(printed).toMatch(/^0 to change, \d to look at, \d not checked\.$/m);
    expect(code).toBe(0);
  });
});

test('case=domains of the public that were taken before they were known are named, with who has them', async () => {
  await query(
    `insert into discovery_domains (organization_id, id, domain, status, verification_txt, created_at)
     select id, 'ord_public', 'hotmail.it', 'verified', 't', now() from organizations where name = 'acme'`,
  );
  await query(
    "update connections set domain_aliases = domain_aliases || array['gmail.com', 'co.uk'] where name = 'acme-oidc'",
  );
  try {
    const { of, code } = await runDoctor(env);
    expect(of('domains').map(({ state, found }) => [state, found.split(':')[0]])).toEqual([
      ['warn', 'co.uk is an ending under which the public gets names, and the connection acme-oidc lists it'],
      ['warn', 'gmail.com gives mailboxes to the public, and the connection acme-oidc lists it'],
      ['warn', 'hotmail.it gives mailboxes to the public, and the organization acme has it verified'],
    ]);
    expect(code, 'they go on to count').toBe(0);
  } finally {
    await query("delete from discovery_domains where id = 'ord_public'");
    await query("update connections set domain_aliases = array['acme.example'] where name = 'acme-oidc'");
  }
});

test('case=settings that promise a protection and have no effect are named, with the thing that has them', async () => {
  const { rows } = await query(
    `update clients set extra = extra || '{"third_party_security_mode": "strict"}'
     where client_id = (select min(client_id) from clients) returning name`,
  );
  await query('update tenant set extra = extra || $1', [
    { session_cookie: { mode: 'non-persistent' }, device_flow: { charset: 'digits' } },
  ]);
  try {
    const { of, code } = await runDoctor(env);
    expect(of('settings').map(({ state, found }) => [state, found.split('.')[0]])).toEqual([
      ['warn', `third_party_security_mode of the application ${rows[0]?.name} is set and has no effect`],
      ['warn', 'session_cookie of the tenant is set and has no effect'],
    ]);
    expect(code).toBe(0);
  } finally {
    await query("update clients set extra = extra - 'third_party_security_mode'");
    await query("update tenant set extra = extra - 'session_cookie' - 'device_flow'");
  }
  expect((await runDoctor(env)).of('settings').map(({ state }) => state)).toEqual(['ok']);
});

describe('the environment', () => {
  test('case=every wrong variable is told, a name that nothing reads too, and nothing else is tried', async () => {
    const { code, findings } = await runDoctor({
      ...env,
      PORT: 'abc',
      VESTIBULE_LOG_LEVEL: 'loud',
      VESTIBULE_TRUSTPROXY: '10.0.0.1',
    });
    expect(findings).toMatchObject([
      { state: 'fail', found: expect.stringContaining('PORT is "abc"') },
      { state: 'fail', found: expect.stringContaining('VESTIBULE_LOG_LEVEL is "loud"') },
      {
        state: 'warn',
        found: expect.stringContaining('VESTIBULE_TRUSTPROXY'),
        change: 'Its name is VESTIBULE_TRUST_PROXY.',
      },
      { state: 'skip', area: 'database' },
    ]);
    expect(code).toBe(1);
  });

  test('case=plain http for people is told', async () => {
    const { of } = await runDoctor({ ...env, VESTIBULE_URL: 'http://login.example.invalid' });
    expect(of('configuration')).toMatchObject([
      { state: 'ok' },
      { state: 'warn', found: expect.stringContaining('unencrypted') },
    ]);
  });

  test.each([[['--send-to', 'olga']], [['--send-to']], [['now']], [['--fix']]])(
    'case=wrong use %j ends with 2',
    async (args) => {
      const { code, printed } = await runDoctor(env, {}, args);
      expect(code).toBe(2);
      expect(printed.split('\n')).toHaveLength(2);
    },
  );
});

describe('the database', () => {
  async function ofDatabase(url: string, more: Record<string, string> = {}) {
    return (await runDoctor({ ...env, DATABASE_URL: url, ...more })).of('database');
  }

  test('case=it cannot be reached: the reason without the password, and the rest as far as it goes', async () => {
    const { code, of, printed } = await runDoctor({
      ...env,
      DATABASE_URL: 'postgres://v:hush-hush-hush@127.0.0.1:9/v',
    });
    expect(of('database')).toMatchObject([{ state: 'fail', found: expect.stringContaining('ECONNREFUSED') }]);
    expect(of('keys')).toMatchObject([{ state: 'skip' }]);
    expect(of('outside')).toMatchObject([{ state: 'ok' }]);
    expect(printed).not.toContain('hush-hush');
    expect(code).toBe(1);
  });

  test('case=an empty one, and one of a later version', async () => {
    const empty = await createTestDatabase({ template: 'empty' });
    const newer = await createTestDatabase();
    try {
      expect(await ofDatabase(empty.url)).toMatchObject([{ state: 'warn', found: 'The database has no tables yet.' }]);
      await newer.pool.query(`insert into schema_migrations (name, checksum) values ('0999_later.sql', 'x')`);
      expect(await ofDatabase(newer.url)).toMatchObject([
        { state: 'fail', found: expect.stringContaining('A later version') },
      ]);
      await newer.pool.query(`update schema_migrations set checksum = 'y' where name like '0001%'`);
      expect(await ofDatabase(newer.url)).toContainEqual(
        expect.objectContaining({
          state: 'fail',
          found: expect.stringContaining('was changed after it had been applied'),
        }),
      );
      await newer.pool.query(`delete from schema_migrations`);
      await newer.pool.query(`insert into schema_migrations (name, checksum) values ('0000_before.sql', 'x')`);
      expect(await ofDatabase(newer.url)).toContainEqual(expect.objectContaining({ state: 'fail' }));
    } finally {
      await empty.drop();
      await newer.drop();
    }
  });

  test('case=it takes no writes; it belongs to a rehearsal tenant; it has too few connections', async () => {
    const own = await createTestDatabase();
    const name = new URL(own.url).pathname.slice(1);
    try {
      await own.pool.query(`update tenant set server_kind = 'auth0_double'`);
      await own.pool.query(`alter database ${name} set default_transaction_read_only = on`);
      const found = await ofDatabase(own.url, { VESTIBULE_DATABASE_CONNECTIONS: '500' });
      expect(found).toContainEqual(expect.objectContaining({ state: 'fail', found: 'The database takes no writes.' }));
      expect(found).toContainEqual(
        expect.objectContaining({ state: 'warn', found: expect.stringContaining('rehearsal') }),
      );
      expect(found).toContainEqual(
        expect.objectContaining({
          state: 'warn',
          found: expect.stringMatching(/takes \d+ connections.* may want 503/),
        }),
      );
    } finally {
      await own.drop();
    }
  });

  test('case=a role that lacks rights, and does not see the transactions of others', async () => {
    const own = await createTestDatabase();
    const role = `doctor_${Date.now()}`;
    const url = new URL(own.url);
    url.username = role;
    url.password = 'hush-hush-hush';
    try {
      await own.pool.query(`create role ${role} login password 'hush-hush-hush'`);
      await own.pool.query(`grant select, insert, update, delete on all tables in schema public to ${role}`);
      await own.pool.query(`revoke insert on users from ${role}`);
      const found = await ofDatabase(url.href);
      expect(found).toMatchObject([
        {
          state: 'fail',
          found: expect.stringMatching(/lacks the right to .*, and 19 more/),
          change: expect.stringContaining('owner'),
        },
        { state: 'skip', found: expect.stringContaining('Transactions of other roles') },
      ]);
    } finally {
      await own.pool.query(`drop owned by ${role}`);
      await own.pool.query(`drop role ${role}`);
      await own.drop();
    }
  });

  test('case=a transaction that stays open is told with its process', async () => {
    const client = new pg.Client({ connectionString: instance.database.url, application_name: 'nightly-report' });
    await client.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const { of } = await runDoctor(env, { longMinutes: 0 });
      expect(of('database')).toContainEqual(
        expect.objectContaining({
          state: 'warn',
          found: expect.stringContaining(`nightly-report (process ${rows[0]?.pid})`),
        }),
      );
    } finally {
      await client.end();
    }
  });

  test.each([{ ignoresSettings: true }, { ignoresSettings: false }])(
    'case=a pooler that nobody named: %j',
    async (kind) => {
      const pooler = await startTransactionPooler(instance.database.url, kind);
      try {
        expect(await ofDatabase(pooler.url)).toContainEqual(
          expect.objectContaining({
            state: 'fail',
            found: expect.stringContaining('Set VESTIBULE_DATABASE_POOLER=transaction'),
          }),
        );
        const named = await ofDatabase(pooler.url, { VESTIBULE_DATABASE_POOLER: 'transaction' });
        expect(worst(named)).toEqual([]);
      } finally {
        await pooler.stop();
      }
    },
  );

  test('case=a clock that differs: noticed from five seconds on, a failure from a minute on', async () => {
    const shifted = (seconds: number) => ({
      now: () => new Date(systemClock.now().getTime() + seconds * 1_000),
      monotonicMs: () => systemClock.monotonicMs(),
    });
    const late = await runDoctor(env, { clock: shifted(-20) });
    expect(late.of('clock')).toMatchObject([
      { state: 'warn', found: 'The clock of the database is 20 seconds ahead of this machine.' },
      { state: 'warn', found: expect.stringContaining('The clock at the public address is') },
    ]);
    const early = await runDoctor(env, { clock: shifted(90) });
    expect(early.of('clock')[0]).toMatchObject({ state: 'fail', found: expect.stringContaining('90 seconds behind') });
  });
});

describe('keys, owner, and work that waits', () => {
  test('case=a key that opens nothing, and one that has to be resealed', async () => {
    const wrong = await runDoctor({ ...env, VESTIBULE_SECRET_KEY: OTHER_KEY });
    expect(wrong.of('keys')).toMatchObject([
      { state: 'fail', found: expect.stringMatching(/open with no key \(.*signing_keys\.private_key_sealed/) },
    ]);
    expect(wrong.of('outside')).toMatchObject([
      { state: 'fail', found: expect.stringContaining('another VESTIBULE_SECRET_KEY') },
    ]);
    const changed = await runDoctor({
      ...env,
      VESTIBULE_SECRET_KEY: OTHER_KEY,
      VESTIBULE_SECRET_KEY_FORMER: DOCTOR_KEY,
    });
    expect(changed.of('keys')).toMatchObject([
      { state: 'warn', change: expect.stringContaining('vestibule keys reseal') },
    ]);
    for (const { printed } of [wrong, changed]) expect(printed).not.toMatch(new RegExp(`${OTHER_KEY}|${DOCTOR_KEY}`));
  });

  test('case=a signing key that is more than a year old', async () => {
    await query(`update signing_keys set created_at = created_at - interval '500 days'`);
    try {
      const { of } = await runDoctor(env);
      expect(of('keys')).toMatchObject([{ state: 'warn', found: 'The key that signs tokens is 500 days old.' }]);
    } finally {
      await query(`update signing_keys set created_at = created_at + interval '500 days'`);
    }
  });

  test('case=mail, a log stream and jobs that wait', async () => {
    await query(
      `insert into outbox (id, recipient, template, body_sealed, created_at, next_attempt_at, last_error)
       values ('late', 'a@acme.example', 'invitation', '', now() - interval '1 hour', now() + interval '1 hour', 'mail server: no')`,
    );
    await query(
      `insert into action_jobs (id, trigger, event_sealed, created_at, next_attempt_at)
       values ('late', 'post-user-registration', '', now() - interval '1 hour', now() + interval '1 hour')`,
    );
    await query(
      `insert into log_streams (id, name, status, endpoint, content_type, content_format, secrets_sealed, sent_position, sent_log_id,
         revision, created_at, updated_at, next_attempt_at, last_error)
       values ('lst_1', 'siem', 'suspended', 'https://siem.example', 'application/json', 'JSONARRAY', '', 0, '', 'r', now(), now(), now(), 'gone')`,
    );
    await query(
      `insert into logout_notices (user_id, session_id, client_id, initiator, first_attempt_at, next_attempt_at)
       values ('u', 's', 'cli_deaf', 'rp-logout', now() - interval '1 hour', now() + interval '1 hour')`,
    );
    try {
      const { of } = await runDoctor(env);
      expect(of('waiting work').map(({ found }) => found)).toEqual([
        '1 mails have waited for more than ten minutes. The last error: mail server: no',
        'The log stream siem does not get its lines. The last error: gone',
        'The application cli_deaf has not confirmed 1 logouts.',
        '1 jobs for Actions have waited for more than ten minutes.',
      ]);
    } finally {
      await query('delete from outbox');
      await query('delete from action_jobs');
      await query('delete from log_streams');
      await query('delete from logout_notices');
    }
  });
});
