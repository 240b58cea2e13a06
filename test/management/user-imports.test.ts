/** Bulk imports of users over HTTP, with the worker and a real database: what comes in, what is refused, what is left. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { hash as argon2Hash } from '@node-rs/argon2';
import { hash as bcryptHash } from '@node-rs/bcrypt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createPasswordConnector, isCheckableHash } from '../../src/connectors/password.js';
import { systemEntropy } from '../../src/kernel/ids.js';
import { parseUsersFile } from '../../src/management/users/user-import-file.js';
import { silentLog } from '../../src/storage/database/log.js';
import { openFactorSecret } from '../../src/storage/factor-secrets.js';
import { cleanUp } from '../../src/storage/housekeeping.js';
import { createUserImportWorker } from '../../src/storage/jobs/run-user-imports.js';
import { ALL, type Management, startManagement } from './harness.js';

const PASSWORD = 'An-old-password-7';
let bcrypt: string;
let argon2: string;

let api: Management;
let connection: string;
let oidc: string;

beforeAll(async () => {
  api = await startManagement();
  connection = (await api.post('/connections', { name: 'Users', strategy: 'auth0' })).body.id;
  const options = { type: 'back_channel', discovery_url: 'https://idp.example/d', client_id: 'c', client_secret: 's' };
  oidc = (await api.post('/connections', { name: 'idp', strategy: 'oidc', options })).body.id;
  bcrypt = await bcryptHash(PASSWORD, 4);
  argon2 = await argon2Hash(PASSWORD, { memoryCost: 1024, timeCost: 1 });
});
afterAll(() => api.close());
beforeEach(async () => {
  await api.database.pool.query('delete from users; delete from user_import_jobs; delete from logs');
});

const passwords = createPasswordConnector({ entropy: systemEntropy });

function worker(options: { onUser?: () => void } = {}) {
  return createUserImportWorker({
    pool: api.database.pool,
    directory: {
      ...api.deps.directory,
      transaction: async (work) => {
        options.onUser?.();
        return api.deps.directory.transaction(work);
      },
    },
    box: api.rows,
    parseFile: (bytes) => parseUsersFile(bytes, isCheckableHash),
    passwords,
    onMailQueued: () => {},
    clock: api.deps.clock,
    entropy: systemEntropy,
    log: silentLog,
  });
}

function form(users: unknown, fields: Record<string, string> = {}): FormData {
  const content = typeof users === 'string' || users instanceof Uint8Array ? users : JSON.stringify(users);
  const body = new FormData();
  body.append('users', new Blob([content as string], { type: 'application/json' }), 'users.json');
  body.append('connection_id', connection);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
}

const start = (users: unknown, fields: Record<string, string> = {}) =>
  api.post('/jobs/users-imports', form(users, fields));

/** Imports and returns the ended job. */
async function run(users: unknown, fields: Record<string, string> = {}) {
  const started = await start(users, fields);
  expect(started.status, JSON.stringify(started.body)).toBe(202);
  expect(await worker().drain()).toBe(1);
  return (await api.get(`/jobs/${started.body.id}`)).body;
}

const errorsOf = async (job: { id: string }) => (await api.get(`/jobs/${job.id}/errors`)).body;
const usersBy = async (email: string) => (await api.get(`/users-by-email?email=${encodeURIComponent(email)}`)).body;
const credentialOf = async (email: string) =>
  (await api.database.pool.query('select hash from password_credentials where email = $1', [email])).rows[0]?.hash;
const storedText = async () =>
  JSON.stringify(
    (await api.database.pool.query('select * from user_import_jobs left join user_import_errors on true')).rows,
  ) + JSON.stringify((await api.database.pool.query('select * from logs')).rows);

describe('a job', () => {
  test('case=pending-then-completed', async () => {
    const started = await start([{ email: 'dana@acme.example' }, { email: 'bob@acme.example' }], {
      external_id: 'batch 1',
    });
    expect(started.status).toBe(202);
    expect(started.body).toEqual({
      id: expect.stringMatching(/^job_[A-Za-z0-9]{16}$/),
      type: 'users_import',
      status: 'pending',
      connection: 'Users',
      connection_id: connection,
      upsert: false,
      external_id: 'batch 1',
      send_completion_email: false,
      created_at: expect.any(String),
    });
    const pending = await api.get(`/jobs/${started.body.id}`);
    expect(pending.body).toMatchObject({ status: 'pending', external_id: 'batch 1', connection_id: connection });
    expect(pending.body).not.toHaveProperty('summary');
    expect((await api.get(`/jobs/${started.body.id}/errors`)).status).toBe(204);
    expect(await worker().drain()).toBe(1);
    expect((await api.get(`/jobs/${started.body.id}`)).body).toEqual({
      ...started.body,
      status: 'completed',
      percentage_done: 100,
      time_left_seconds: 0,
      location: `https://login.example/api/v2/jobs/${started.body.id}/errors`,
      summary: { failed: 0, updated: 0, inserted: 2, total: 2 },
    });
    expect((await api.get(`/jobs/${started.body.id}/errors`)).status).toBe(204);
  });

  test('case=factors-of-new-users', async () => {
    const secret = 'JBSWY3DPEHPK3PXP';
    const mfa_factors = [{ totp: { secret: secret.toLowerCase() } }, { email: { value: 'Dana@Home.example' } }];
    const job = await run([{ email: 'dana@acme.example', mfa_factors }]);
    expect(job.summary).toMatchObject({ inserted: 1, failed: 0 });
    const [dana] = await usersBy('dana@acme.example');
    expect(dana.multifactor).toEqual(['guardian']);
    const path = `/users/${encodeURIComponent(dana.user_id)}/authentication-methods`;
    const listed = (await api.get(path)).body;
    expect(listed).toMatchObject([
      { type: 'email', email: 'dana@home.example', confirmed: true },
      { type: 'totp', confirmed: true },
    ]);
    const { rows } = await api.database.pool.query("select secret_sealed from factors where kind = 'otp'");
    expect(openFactorSecret(api.rows, dana.user_id, listed[1].id, rows[0].secret_sealed)).toBe(secret);
    expect((await api.mail()).filter(({ template }) => template === 'factor_changed')).toEqual([]);
    // Attack: somebody who may change users adds a factor of their own to an account.
    const again = await run([{ email: 'dana@acme.example', mfa_factors }], { upsert: 'true' });
    expect(again.summary).toMatchObject({ updated: 0, failed: 1 });
    const errors = JSON.stringify(await errorsOf(again));
    expect(errors).toContain('MFA_FACTORS_FAILED');
    expect(errors.toUpperCase()).not.toContain(secret);
    expect((await api.get(path)).body).toEqual(listed);
  });

  test('case=everything-the-schema-knows', async () => {
    const job = await run([
      {
        email: 'Dana@Acme.example',
        email_verified: true,
        user_id: '5f7c8ec7c33c6c004bbafe82',
        given_name: 'Dana',
        family_name: 'Doe',
        name: 'Dana Doe',
        nickname: 'dd',
        picture: 'https://cdn.example/dana.png',
        blocked: true,
        password_hash: bcrypt,
        app_metadata: { plan: 'pro' },
        user_metadata: { theme: 'dark' },
      },
    ]);
    expect(job.summary).toEqual({ failed: 0, updated: 0, inserted: 1, total: 1 });
    const { body } = await api.get('/users/auth0%7C5f7c8ec7c33c6c004bbafe82');
    expect(body).toMatchObject({
      email: 'dana@acme.example',
      email_verified: true,
      given_name: 'Dana',
      family_name: 'Doe',
      name: 'Dana Doe',
      nickname: 'dd',
      picture: 'https://cdn.example/dana.png',
      blocked: true,
      app_metadata: { plan: 'pro' },
      user_metadata: { theme: 'dark' },
      identities: [{ connection: 'Users', provider: 'auth0', user_id: '5f7c8ec7c33c6c004bbafe82', isSocial: false }],
    });
    expect(await credentialOf('dana@acme.example')).toBe(bcrypt);
    expect((await api.database.pool.query('select 1 from members')).rows).toEqual([]);
  });

  test('case=the-prefix-of-an-export-is-not-doubled', async () => {
    await run([{ email: 'dana@acme.example', user_id: 'auth0|abc' }]);
    expect((await api.get('/users/auth0%7Cabc')).status).toBe(200);
  });

  test('case=custom-hashes', async () => {
    await run([
      { email: 'a@acme.example', custom_password_hash: { algorithm: 'bcrypt', hash: { value: bcrypt } } },
      {
        email: 'b@acme.example',
        custom_password_hash: { algorithm: 'argon2', hash: { value: argon2, encoding: 'utf8' } },
      },
      { email: 'c@acme.example' },
    ]);
    expect(await credentialOf('a@acme.example')).toBe(bcrypt);
    expect(await credentialOf('b@acme.example')).toBe(argon2);
    expect(await credentialOf('c@acme.example')).toBe('!');
    expect((await usersBy('c@acme.example'))[0].email_verified).toBe(false);
  });

  test('case=the-file-is-sealed-while-it-waits-and-gone-afterwards', async () => {
    await start([{ email: 'dana@acme.example', password_hash: bcrypt }]);
    const before = (await api.database.pool.query('select file_sealed from user_import_jobs')).rows[0].file_sealed;
    expect(before.length).toBeGreaterThan(100);
    expect(before.toString('latin1')).not.toContain('acme');
    await worker().drain();
    expect((await api.database.pool.query('select file_sealed from user_import_jobs')).rows).toEqual([
      { file_sealed: null },
    ]);
  });

  test('case=a-day-after-its-end-it-is-gone', async () => {
    const job = await run([{ email: 'nobody' }]);
    api.advance(86_300);
    expect((await api.get(`/jobs/${job.id}`)).status).toBe(200);
    api.advance(200);
    expect((await api.get(`/jobs/${job.id}`)).body.message).toBe('The job does not exist.');
    expect((await api.get(`/jobs/${job.id}/errors`)).status).toBe(404);
    await cleanUp(api.database.pool, api.deps.clock.now(), { logDays: 90 });
    expect((await api.database.pool.query('select 1 from user_import_jobs')).rows).toEqual([]);
    expect((await api.database.pool.query('select 1 from user_import_errors')).rows).toEqual([]);
    api.advance(-86_500);
  });

  test('case=two-hours-and-it-has-failed', async () => {
    const { body } = await start([{ email: 'dana@acme.example' }]);
    api.advance(7_300);
    expect(await worker().drain()).toBe(1);
    const job = (await api.get(`/jobs/${body.id}`)).body;
    expect(job).toMatchObject({ status: 'failed', status_details: expect.stringContaining('two hours') });
    expect(await usersBy('dana@acme.example')).toEqual([]);
    api.advance(-7_300);
  });

  test('case=a-mail-when-there-is-an-address', async () => {
    await api.patch('/tenants/settings', { support_email: 'support@northwind.example' });
    const started = await start([{ email: 'dana@acme.example' }, { email: 'x' }]);
    expect(started.body.send_completion_email).toBe(true);
    await worker().drain();
    const [mail] = await api.mail();
    expect(mail).toMatchObject({
      to: 'support@northwind.example',
      template: 'import_completed',
      model: { jobId: started.body.id, inserted: 1, updated: 0, failed: 1 },
    });
    expect(JSON.stringify(mail)).not.toContain('dana@');
    await run('no file');
    expect((await api.mail()).map(({ template }) => template)).toEqual(['import_completed', 'import_failed']);
    expect((await run([], { send_completion_email: 'false' })).send_completion_email).toBe(false);
    expect(await api.mail()).toHaveLength(2);
    await api.patch('/tenants/settings', { support_email: '' });
    expect((await run([])).send_completion_email).toBe(false);
    expect(await api.mail()).toHaveLength(2);
  });

  test('case=log-lines', async () => {
    const job = await run([{ email: 'dana@acme.example', password_hash: bcrypt }, { email: 'x' }], {
      external_id: 'e1',
    });
    const lines = (await api.get('/logs')).body;
    expect(lines.map((line: { type: string }) => line.type).sort()).toEqual(['sapi', 'sui']);
    const [sapi] = lines.filter((line: { type: string }) => line.type === 'sapi');
    expect(sapi).toMatchObject({ description: 'Create import users job', connection_id: connection });
    expect(sapi.details.request.body).toMatchObject({ connection_id: connection, external_id: 'e1' });
    const [sui] = lines.filter((line: { type: string }) => line.type === 'sui');
    expect(sui.details).toEqual({
      job_id: job.id,
      upsert: false,
      external_id: 'e1',
      summary: { total: 2, inserted: 1, updated: 0, failed: 1 },
    });
    expect(JSON.stringify(lines)).not.toContain('dana@');
    expect(await storedText()).not.toContain(bcrypt);
  });
});

describe('users who are not imported', () => {
  test('case=an-invalid-user-is-his-own-error', async () => {
    const job = await run([
      { email: 'akshay144@' },
      { email: 'dana@acme.example' },
      7,
      {},
      { email: 'e@acme.example', foo: 1 },
    ]);
    expect(job).toMatchObject({ status: 'completed', summary: { failed: 4, updated: 0, inserted: 1, total: 5 } });
    expect(await errorsOf(job)).toEqual([
      {
        user: { email: 'akshay144@' },
        errors: [
          {
            code: 'INVALID_FORMAT',
            message: "Error in email property - Object didn't pass validation for format email: akshay144@",
            path: 'email',
          },
        ],
      },
      { user: {}, errors: [{ code: 'INVALID_TYPE', message: 'Expected type object but found type integer' }] },
      { user: {}, errors: [{ code: 'OBJECT_REQUIRED', message: 'Missing required property: email', path: 'email' }] },
      {
        user: { email: 'e@acme.example', foo: 1 },
        errors: [
          { code: 'OBJECT_ADDITIONAL_PROPERTIES', message: 'Additional properties not allowed: foo', path: 'foo' },
        ],
      },
    ]);
  });

  test.each<[string, Record<string, unknown>, string, string]>([
    ['phone', { phone_number: '+15551234' }, 'NOT_AVAILABLE', 'phone_number'],
    ['a phone as a factor', { mfa_factors: [{ phone: { value: '+15551234' } }] }, 'MFA_FACTORS_FAILED', 'mfa_factors'],
    ['a short secret', { mfa_factors: [{ totp: { secret: 'JBSWY3DP' } }] }, 'MFA_FACTORS_FAILED', 'mfa_factors'],
    [
      'two applications',
      { mfa_factors: [1, 2].map(() => ({ totp: { secret: 'JBSWY3DPEHPK3PXP' } })) },
      ...(['MFA_FACTORS_FAILED', 'mfa_factors'] as const),
    ],
    [
      'an address twice',
      { mfa_factors: ['a@home.example', 'A@HOME.example'].map((value) => ({ email: { value } })) },
      ...(['MFA_FACTORS_FAILED', 'mfa_factors'] as const),
    ],
    ['no address as a factor', { mfa_factors: [{ email: { value: 'home' } }] }, 'MFA_FACTORS_FAILED', 'mfa_factors'],
    ['no factors', { mfa_factors: [] }, 'ARRAY_LENGTH_SHORT', 'mfa_factors'],
    ['an unknown factor', { mfa_factors: [{ retina: {} }] }, 'OBJECT_ADDITIONAL_PROPERTIES', 'retina'],
    ['a flag as text', { email_verified: 'true' }, 'INVALID_TYPE', 'email_verified'],
    ['null', { name: null }, 'INVALID_TYPE', 'name'],
    ['a long name', { name: 'x'.repeat(301) }, 'MAX_LENGTH', 'name'],
    ['an id with a bar', { user_id: 'google-oauth2|1' }, 'PATTERN', 'user_id'],
    ['an id with a space', { user_id: 'a b' }, 'PATTERN', 'user_id'],
    ['metadata that is a list', { app_metadata: [] }, 'INVALID_TYPE', 'app_metadata'],
    ['a picture that is script', { picture: 'javascript:alert(1)' }, 'INVALID_FORMAT', 'picture'],
    ['a user name where there are none', { username: 'dana' }, 'CONFLICT', 'username'],
    ['a hash of md5', { password_hash: 'b109f3bbbc244eb82441917ed06d618b' }, 'INVALID_FORMAT', 'password_hash'],
    ['a hash that would take minutes', { password_hash: `$2b$31$${'a'.repeat(53)}` }, 'MAXIMUM', 'password_hash'],
    [
      'another algorithm',
      { custom_password_hash: { algorithm: 'pbkdf2', hash: { value: 'secretly' } } },
      'INVALID_FORMAT',
      'custom_password_hash.hash.value',
    ],
    [
      'an unheard-of algorithm',
      { custom_password_hash: { algorithm: 'rot13', hash: { value: 'secretly' } } },
      'ENUM_MISMATCH',
      'custom_password_hash.algorithm',
    ],
    [
      'a hash in gigabytes',
      {
        custom_password_hash: {
          algorithm: 'argon2',
          hash: { value: '$argon2id$v=19$m=9999999,t=2,p=1$c2FsdHNhbHQ$GpZ3sK/oH9p7VIiV56G/64Zo' },
        },
      },
      'MAXIMUM',
      'custom_password_hash.hash.value',
    ],
    [
      'a salt of its own',
      { custom_password_hash: { algorithm: 'argon2', hash: { value: 'x' }, salt: { value: 'y' } } },
      'NOT_AVAILABLE',
      'custom_password_hash.salt',
    ],
    ['no value', { custom_password_hash: { algorithm: 'bcrypt' } }, 'OBJECT_REQUIRED', 'custom_password_hash.hash'],
    ['both hashes', { password_hash: 'x', custom_password_hash: {} }, 'CONFLICT', 'custom_password_hash'],
    ['NUL', { name: 'a\0b' }, 'INVALID_FORMAT', ''],
    ['half a surrogate pair', { user_metadata: { a: '\ud800' } }, 'INVALID_FORMAT', ''],
  ])('case=%s', async (_name, fields, code, path) => {
    const job = await run([{ email: 'dana@acme.example', ...fields }]);
    expect(job.summary).toEqual({ failed: 1, updated: 0, inserted: 0, total: 1 });
    const [entry] = await errorsOf(job);
    expect(entry.errors[0]).toEqual({ code, message: expect.any(String), ...(path !== '' && { path }) });
    expect(await usersBy('dana@acme.example')).toEqual([]);
  });

  test('attack=__proto__', async () => {
    const job = await run(
      '[{"email":"a@acme.example","user_metadata":{"__proto__":{"admin":true}}},{"__proto__":{"email":"b@acme.example"}}]',
    );
    expect(job.summary).toMatchObject({ failed: 2, inserted: 0 });
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  test('attack=nesting-without-end', async () => {
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const job = await run(
      `[{"email":"a@acme.example","user_metadata":${deep}},{"email":"b@acme.example"},${'['.repeat(50_000)}${']'.repeat(50_000)}]`,
    );
    expect(job.summary).toEqual({ failed: 2, updated: 0, inserted: 1, total: 3 });
    expect(JSON.stringify(await errorsOf(job)).length).toBeLessThan(5_000);
  });

  test('attack=a-list-of-something-else', async () => {
    const job = await run(`[${'1,'.repeat(30_000)}1]`);
    expect(job).toMatchObject({ status: 'failed', status_details: 'The users file has more than 30000 entries.' });
  });

  test('attack=properties-without-end', async () => {
    const wide = Array.from({ length: 20_000 }, (_, index) => `"k${index}":1`).join(',');
    const job = await run(`[{${wide}}]`);
    expect(await errorsOf(job)).toEqual([
      { user: {}, errors: [{ code: 'OBJECT_PROPERTIES_MAXIMUM', message: 'Too many properties, maximum 100' }] },
    ]);
  });

  test('case=the-connection-goes-while-its-users-come', async () => {
    const gone = (await api.post('/connections', { name: 'Gone', strategy: 'auth0' })).body.id;
    const { body } = await start([{ email: 'dana@acme.example' }], { connection_id: gone });
    await api.delete(`/connections/${gone}`);
    expect(await worker().drain()).toBe(1);
    expect((await api.get(`/jobs/${body.id}`)).body.summary).toMatchObject({ failed: 1, inserted: 0 });
    expect((await errorsOf(body))[0].errors[0].code).toBe('CONNECTION_NOT_FOUND');
    expect(await usersBy('dana@acme.example')).toEqual([]);
  });

  test('attack=hashes-are-told-to-nobody', async () => {
    const hidden = ['verysecret1', 'verysecret2', 'verysecret3', 'verysecret4', 'verysecret5'] as const;
    const job = await run([
      { email: 'nobody', password_hash: hidden[0] },
      {
        email: 'nobody',
        custom_password_hash: { algorithm: 'ldap', hash: { value: hidden[1] }, salt: { value: hidden[2] } },
      },
      { email: 'nobody', passwordHash: hidden[3], custom_password_hash: [hidden[4]] },
    ]);
    const errors = await errorsOf(job);
    expect(errors[1].user).toEqual({
      email: 'nobody',
      custom_password_hash: { algorithm: 'ldap', hash: { value: '*****' }, salt: { value: '*****' } },
    });
    const everything = JSON.stringify(errors) + (await storedText()) + JSON.stringify(job);
    for (const secret of hidden) {
      expect(everything).not.toContain(secret);
      expect(everything).not.toContain(createHash('sha256').update(secret).digest('hex'));
    }
  });

  test('case=twice-in-the-file', async () => {
    const job = await run(
      [
        { email: 'dana@acme.example', name: 'first' },
        { email: 'DANA@acme.example', name: 'second' },
        { email: 'a@acme.example', user_id: 'one' },
        { email: 'b@acme.example', user_id: 'auth0|one' },
      ],
      { upsert: 'true' },
    );
    expect(job.summary).toEqual({ failed: 2, updated: 0, inserted: 2, total: 4 });
    expect((await errorsOf(job)).map((entry: { errors: unknown[] }) => entry.errors)).toEqual([
      [{ code: 'DUPLICATED_USER', message: 'A user with this email was already provided.', path: 'email' }],
      [{ code: 'DUPLICATED_USER', message: 'A user with this user_id was already provided.', path: 'user_id' }],
    ]);
    expect((await usersBy('dana@acme.example'))[0].name).toBe('first');
  });
});

describe('users who are there already', () => {
  const create = async (fields: Record<string, unknown> = {}) =>
    (
      await api.post('/users', {
        connection: 'Users',
        email: 'dana@acme.example',
        password: 'Correct-horse-9',
        email_verified: true,
        ...fields,
      })
    ).body;

  test('attack=a-password-for-somebody-elses-account', async () => {
    const before = await create({ name: 'Dana' });
    const hash = await credentialOf('dana@acme.example');
    const job = await run([{ email: 'dana@acme.example', password_hash: bcrypt, name: 'Mallory' }]);
    expect(job.summary).toMatchObject({ failed: 1, inserted: 0, updated: 0 });
    expect((await errorsOf(job))[0].errors[0].code).toBe('DUPLICATED_USER');
    expect((await api.get(`/users/${encodeURIComponent(before.user_id)}`)).body).toEqual(before);
    // Not with upsert either.
    const again = await run([{ email: 'dana@acme.example', password_hash: bcrypt, name: 'Mallory' }], {
      upsert: 'true',
    });
    expect(again.summary).toMatchObject({ failed: 1, inserted: 0, updated: 0 });
    expect((await errorsOf(again))[0].errors[0]).toMatchObject({ code: 'CONFLICT', path: 'password_hash' });
    expect((await api.get(`/users/${encodeURIComponent(before.user_id)}`)).body).toEqual(before);
    expect(await credentialOf('dana@acme.example')).toBe(hash);
  });

  test('case=upsert-changes-what-may-be-changed', async () => {
    const before = await create({
      given_name: 'Dana',
      nickname: 'dd',
      app_metadata: { old: 1 },
      user_metadata: { kept: 1 },
    });
    const job = await run(
      [
        { email: 'dana@acme.example', nickname: 'new', app_metadata: { now: 2 }, blocked: true, email_verified: true },
        { email: 'bob@acme.example' },
      ],
      { upsert: 'true' },
    );
    expect(job.summary).toEqual({ failed: 0, updated: 1, inserted: 1, total: 2 });
    const after = (await api.get(`/users/${encodeURIComponent(before.user_id)}`)).body;
    expect(after).toMatchObject({
      given_name: 'Dana',
      nickname: 'new',
      email_verified: true,
      app_metadata: { now: 2 },
      user_metadata: { kept: 1 },
    });
    expect(after.blocked).toBe(false);
  });

  test('attack=verified-more-than-the-file-says', async () => {
    const before = await create();
    await run([{ email: 'dana@acme.example' }], { upsert: 'true' });
    expect((await api.get(`/users/${encodeURIComponent(before.user_id)}`)).body.email_verified).toBe(false);
  });

  test('attack=the-other-address-of-a-linked-account', async () => {
    const before = await create();
    // The password login of this account has another address than the account itself.
    await api.database.pool.query("update users set email = 'dana@other.example', email_vouched_by = null");
    const job = await run([{ email: 'dana@acme.example', email_verified: true }], { upsert: 'true' });
    expect((await errorsOf(job))[0].errors[0].code).toBe('CONFLICT');
    expect((await api.get(`/users/${encodeURIComponent(before.user_id)}`)).body.email_verified).toBe(false);
  });

  test('case=another-user-id', async () => {
    const before = await create({ user_id: 'one' });
    const upserted = await run([{ email: 'dana@acme.example', user_id: 'two' }], { upsert: 'true' });
    expect((await errorsOf(upserted))[0].errors[0]).toMatchObject({ code: 'CONFLICT', path: 'user_id' });
    const taken = await run([{ email: 'other@acme.example', user_id: 'one' }], { upsert: 'true' });
    expect((await errorsOf(taken))[0].errors[0]).toMatchObject({ code: 'DUPLICATED_USER', path: 'user_id' });
    const same = await run([{ email: 'dana@acme.example', user_id: before.user_id, name: 'D' }], { upsert: 'true' });
    expect(same.summary).toMatchObject({ updated: 1, failed: 0 });
  });

  test('case=the-same-address-elsewhere-is-somebody-else', async () => {
    const other = await api.post('/connections', { name: 'Others', strategy: 'auth0' });
    await create();
    const job = await run([{ email: 'dana@acme.example' }], { connection_id: other.body.id });
    expect(job.summary).toMatchObject({ inserted: 1 });
    expect(await usersBy('dana@acme.example')).toHaveLength(2);
    await api.delete(`/connections/${other.body.id}`);
  });
});

describe('files that are none', () => {
  test.each<[string, string | Uint8Array]>([
    ['not JSON', 'email,name\ndana@acme.example,Dana'],
    ['newline-delimited JSON', '{"email":"a@acme.example"}\n{"email":"b@acme.example"}'],
    ['an object', '{"email":"dana@acme.example"}'],
    ['null', 'null'],
    ['cut off', '[{"email":"dana@acme.example"}'],
    ['not UTF-8', Buffer.from('[{"email":"d\xe4na@acme.example"}]', 'latin1')],
    ['UTF-16', Buffer.from('\ufeff[{"email":"dana@acme.example"}]', 'utf16le')],
    ['spaces', '   '],
  ])('case=%s', async (_name, content) => {
    const job = await run(content);
    expect(job).toMatchObject({
      status: 'failed',
      status_details: expect.stringContaining('Failed to parse users file JSON when importing users.'),
      summary: { failed: 0, updated: 0, inserted: 0, total: 0 },
    });
    const errors = await errorsOf(job);
    expect(errors).toMatchObject({
      id: job.id,
      status: 'failed',
      type: 'users_import',
      status_details: job.status_details,
    });
    expect((await api.get('/logs')).body.map((line: { type: string }) => line.type)).toContain('fui');
  });

  test('case=a-byte-order-mark-is-no-part-of-the-text', async () => {
    const job = await run(`\ufeff[{"email":"dana@acme.example"}]`);
    expect(job.summary).toMatchObject({ inserted: 1, failed: 0 });
  });

  test('case=an-empty-array', async () => {
    expect(await run([])).toMatchObject({ status: 'completed', percentage_done: 100, summary: { total: 0 } });
  });
});

describe('requests that are refused', () => {
  const CASES: readonly [string, () => FormData, string][] = [
    ['no users', () => without('users'), "Must provide 'users' file as multipart part."],
    ['no connection_id', () => without('connection_id'), "Must provide 'connection_id' as multipart part."],
    ['users is no file', () => form('[]', { users: '[]' }), "Must provide 'users' file as multipart part."],
    ['empty file', () => form(''), 'Users file must not be empty.'],
    [
      'not an id',
      () => form('[]', { connection_id: 'Users' }),
      "Payload validation error: 'String does not match pattern ^con_[A-Za-z0-9]{16}$: Users' on property connection_id.",
    ],
    [
      'unknown connection',
      () => form('[]', { connection_id: 'con_0000000000000000' }),
      'The connection does not exist.',
    ],
    ['another kind', () => form('[]', { connection_id: oidc }), 'Connection must be a database connection.'],
    [
      'upsert is no flag',
      () => form('[]', { upsert: 'yes' }),
      "Payload validation error: 'Expected type boolean but found type string' on property upsert.",
    ],
    [
      '__proto__',
      () => form('[]', { ['__proto__']: 'x' }),
      "Payload validation error: 'Additional properties not allowed: __proto__'.",
    ],
    [
      'a long field',
      () => form('[]', { external_id: 'x'.repeat(2_000) }),
      'The part external_id takes at most 1024 bytes.',
    ],
    [
      'NUL',
      () => form('[]', { external_id: 'a\0' }),
      "Payload validation error: 'Strings must not contain the NUL character'.",
    ],
    ['the same part twice', () => twice('users'), "Payload validation error: 'Invalid multipart payload format'."],
    [
      'the same field twice',
      () => twice('connection_id'),
      "Payload validation error: 'Invalid multipart payload format'.",
    ],
    ['many parts', () => many(200), "Payload validation error: 'Invalid multipart payload format'."],
  ];

  function without(name: string): FormData {
    const body = form('[]');
    body.delete(name);
    return body;
  }
  function twice(name: string): FormData {
    const body = form('[]');
    body.append(name, body.get(name) as string);
    return body;
  }
  function many(count: number): FormData {
    const body = form('[]');
    for (let index = 0; index < count; index += 1) body.append(`part-${index}`, 'x');
    return body;
  }

  test.each(CASES)('case=%s', async (_name, body, message) => {
    const answer = await api.post('/jobs/users-imports', body());
    expect(answer.body).toMatchObject({ statusCode: 400, error: 'Bad Request', message });
    expect((await api.database.pool.query('select 1 from user_import_jobs')).rows).toEqual([]);
  });

  const send = (payload: string | Buffer, contentType: string) =>
    api.app.inject({
      method: 'POST',
      url: '/api/v2/jobs/users-imports',
      headers: { authorization: `Bearer ${ALL}`, 'content-type': contentType },
      payload,
    });

  test.each([
    ['no boundary', 'multipart/form-data', '--x\r\n', 400],
    ['not its boundary', 'multipart/form-data; boundary=x', '--y\r\n\r\n', 400],
    ['cut off in the headers', 'multipart/form-data; boundary=x', '--x\r\ncontent-disp', 400],
    [
      'cut off in a file',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="users"; filename="a"\r\n\r\n[',
      400,
    ],
    [
      'a part without a name',
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data\r\n\r\n1\r\n--x--\r\n',
      400,
    ],
    ['nothing at all', 'multipart/form-data; boundary=x', '', 400],
    ['JSON', 'application/json', '{"connection_id":"con_0000000000000000"}', 415],
    ['a form of the other kind', 'application/x-www-form-urlencoded', 'users=1', 415],
  ])('case=%s', async (_name, contentType, payload, status) => {
    const answer = await send(payload, contentType);
    expect(answer.statusCode, answer.body).toBe(status);
    expect(answer.json().message).toMatch(/^(Payload validation|Must provide|Unsupported Media Type: send multipart)/);
  });

  test('case=no-form-anywhere-else', async () => {
    expect((await api.post('/organizations', form('[]'))).status).toBe(415);
  });

  test('case=too-large', async () => {
    const answer = await start(`["${'x'.repeat(512_000)}"]`);
    expect(answer.body).toEqual({
      statusCode: 413,
      error: 'Payload Too Large',
      message: 'Payload content length greater than maximum allowed: 512000',
    });
  });

  test('case=scopes', async () => {
    expect((await api.post('/jobs/users-imports', form('[]'), 'read.users')).status).toBe(403);
    const { body } = await start([]);
    expect((await api.get(`/jobs/${body.id}`, 'read.users')).status).toBe(200);
    expect((await api.get(`/jobs/${body.id}`, 'create.users')).status).toBe(200);
    expect((await api.get(`/jobs/${body.id}`, 'read.organizations')).status).toBe(403);
    expect((await api.get(`/jobs/${body.id}/errors`, 'read.organizations')).status).toBe(403);
    expect((await api.get('/jobs/job_0000000000000000')).status).toBe(404);
  });

  test('case=two-at-a-time', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => start([])));
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, 202, 429, 429, 429, 429]);
    expect(answers.find((answer) => answer.status === 429)?.body).toEqual({
      statusCode: 429,
      error: 'Too Many Requests',
      message: 'There are 2 active import users jobs, please wait until some of them are finished and try again',
    });
    expect(await worker().drain()).toBe(2);
    expect((await start([])).status).toBe(202);
  });

  test('attack=a-third-job-by-asking-twice-at-the-same-moment', async () => {
    await start([]);
    const job = { connectionId: connection, upsert: false, externalId: undefined, notify: undefined, clientId: 'm2m' };
    const create = (id: string, hold: () => Promise<void>) =>
      api.deps.directory.transaction(async ({ imports }) => {
        const taken = await imports.create({ ...job, id, createdAt: new Date(), file: Buffer.from('[]') }, 2);
        await hold();
        return taken;
      });
    let second: Promise<boolean> | undefined;
    // The first has counted and not yet ended when the second comes to count.
    const first = create('job_first', async () => {
      second = create('job_second', async () => {});
      await pause(300);
    });
    expect([await first, await second]).toEqual([true, false]);
  });
});

describe('a job that is interrupted', () => {
  const five = Array.from({ length: 5 }, (_, index) => ({ email: `u${index}@acme.example` }));
  const emails = async () => (await api.database.pool.query('select email from users order by email')).rows;

  test('case=a-node-dies-between-two-users-and-another-goes-on', async () => {
    const { body } = await start([...five, { email: 'nobody' }]);
    let users = 0;
    const dying = worker({
      onUser: () => {
        users += 1;
        if (users > 2) throw Object.assign(new Error('the process is gone'), { name: 'Dead' });
      },
    });
    await expect(dying.drain()).rejects.toThrow('the process is gone');
    expect((await api.get(`/jobs/${body.id}`)).body).toMatchObject({ status: 'processing', percentage_done: 33 });
    expect(await emails()).toHaveLength(2);
    // The lease of the dead has to run out first.
    expect(await worker().drain()).toBe(0);
    api.advance(61);
    expect(await worker().drain()).toBe(1);
    expect((await api.get(`/jobs/${body.id}`)).body).toMatchObject({
      status: 'completed',
      summary: { inserted: 5, updated: 0, failed: 1, total: 6 },
    });
    expect(await emails()).toEqual(five);
    api.advance(-61);
  });

  test('case=whoever-lost-the-lease-writes-nothing-more', async () => {
    await start(five);
    let users = 0;
    const slow = worker({
      onUser: () => {
        users += 1;
        // Another node took the job while this one was busy with the third user.
        if (users === 3) void api.database.pool.query('update user_import_jobs set attempts = attempts + 1');
      },
    });
    expect(await slow.drain()).toBe(0);
    const before = (await emails()).length;
    expect(before).toBeLessThan(5);
    api.advance(61);
    expect(await worker().drain()).toBe(1);
    expect(await emails()).toEqual(five);
    api.advance(-61);
  });

  test('case=stopped-in-the-middle-and-gone-on-with-at-once', async () => {
    await start(five);
    let users = 0;
    const first = worker({
      onUser: () => {
        users += 1;
        if (users === 2) void first.stop();
      },
    });
    await first.drain();
    expect(await emails()).toHaveLength(2);
    expect(await worker().drain()).toBe(1);
    expect(await emails()).toEqual(five);
  });

  test('case=two-nodes-share-no-job', async () => {
    await start(five);
    await start([{ email: 'x@acme.example' }]);
    const ended = await Promise.all([worker().drain(), worker().drain(), worker().drain()]);
    expect(ended.reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(await emails()).toHaveLength(6);
  });
});

test('case=ten-thousand-users-fit-and-are-worked-off-one-by-one', async () => {
  const users = Array.from({ length: 10_000 }, (_, index) => ({ email: `u${index}@a.example` }));
  const { status, body } = await start(users);
  expect(status).toBe(202);
  let done = 0;
  const first = worker({
    onUser: () => {
      done += 1;
      if (done === 300) void first.stop();
    },
  });
  await first.drain();
  const job = (await api.get(`/jobs/${body.id}`)).body;
  expect(job).toMatchObject({ status: 'processing', percentage_done: 3 });
  expect(job.time_left_seconds).toBeGreaterThan(0);
  expect((await api.database.pool.query('select 1 from users')).rows).toHaveLength(300);
});
