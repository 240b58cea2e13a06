/**
 * Attack: somebody with the password, and so with an `mfa_token`, sets up a factor of their own beside the owner's, or
 * removes the owner's. A company's administrator does so for an account that has other ways in.
 */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FactorsApi, forgetFactors, useFactorsApi } from '../../oauth/factors-fixture.js';
import { createFixture, DANA, type Fixture } from '../../oauth/fixture.js';

let at: Fixture;
let api: FactorsApi;
beforeAll(async () => {
  at = await createFixture();
  api = await useFactorsApi(at);
});
afterAll(() => at.stop());
beforeEach(async () => {
  await forgetFactors(at);
  await at.run('delete from password_credentials');
});

const ENROLLED = { error: 'access_denied', error_description: 'User is already enrolled' };

test('case=associate while something is enrolled', async () => {
  await api.enrol();
  const { mfaToken } = await api.refuse();
  const made = await api.associate(mfaToken);
  expect([made.statusCode, made.json()]).toEqual([403, ENROLLED]);
  await at.run(`update factors set kind = 'passkey' where kind = 'otp'`);
  expect((await api.associate(mfaToken)).json()).toEqual(ENROLLED);
});

test('case=begun before the owner set up theirs, and confirmed after', async () => {
  const first = await api.refuse();
  const second = await api.refuse();
  const theirs = (await api.associate(first.mfaToken)).json();
  const pending = await at.run('select * from factors');
  await at.run('delete from factors');
  const own = (await api.associate(second.mfaToken)).json();
  expect((await api.otp(second.mfaToken, api.codeOf(own.secret))).statusCode).toBe(200);
  const row = pending[0] ?? {};
  const columns = Object.keys(row);
  await at.run(
    `insert into factors (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    Object.values(row),
  );
  const late = await api.otp(first.mfaToken, api.codeOf(theirs.secret));
  expect(late.json().error_description).toBe('Invalid otp_code.');
});

test('case=a factor that was not confirmed in time', async () => {
  const { mfaToken } = await api.refuse();
  const { secret } = (await api.associate(mfaToken)).json();
  at.advance(599);
  await at.run(`update factors set created_at = created_at - interval '2 seconds'`);
  expect((await api.otp(mfaToken, api.codeOf(secret))).json().error_description).toBe('Invalid otp_code.');
  expect(await api.kinds()).toEqual([]);
});

test('case=delete with an mfa_token', async () => {
  await api.enrol();
  const { mfaToken } = await api.refuse();
  const [app] = (await api.list(mfaToken)).json();
  const removed = await api.remove(mfaToken, app.id);
  expect([removed.statusCode, removed.json().error]).toEqual([403, 'insufficient_scope']);
  expect(await api.kinds()).toEqual(['otp', 'recovery-code']);
});

test('case=delete a factor of another account, or one that is only being set up', async () => {
  await at.run(`insert into users (user_id, email, name, created_at, updated_at)
    values ('auth0|eve', 'eve@acme.example', 'Eve', now(), now()) on conflict do nothing`);
  await api.enrol();
  const [app] = await at.run(`select id from factors where kind = 'otp'`);
  await at.run(`insert into members (organization_id, user_id, via, created_at)
    values ('org_acme', 'auth0|eve', 'invited', now()) on conflict do nothing`);
  await at.run(`insert into identities (user_id, id, connection_id, status, issuer, subject, created_at)
    values ('auth0|eve', 'i2', 'con_acme', 'bound', 'https://idp.acme.example', 'eve', now()) on conflict do nothing`);
  const bearer = await api.accessToken(undefined, { userId: 'auth0|eve' });
  expect((await api.list(bearer)).json()).toEqual([]);
  expect((await api.remove(bearer, String(app?.id))).statusCode).toBe(404);
  expect(await api.kinds()).toEqual(['otp', 'recovery-code']);
});

test('case=with an access token from before the owner set up theirs', async () => {
  const early = await api.accessToken();
  const pending = (await api.associate(early)).json();
  at.advance(1);
  await api.enrol();
  const [app] = (await api.list(early)).json();
  expect((await api.remove(early, app.id)).json().error_description).toContain('Sign in again');
  await at.run(`update factors set kind = 'passkey' where kind = 'otp'`);
  expect((await api.associate(early)).json().error_description).toContain('Sign in again');
  expect((await api.otp(early, api.codeOf(pending.secret))).json().error_description).toContain('Sign in again');
  expect(await api.kinds()).toEqual(['passkey', 'recovery-code']);
});

test('case=by the company, for an account that also has a password', async () => {
  const { mfaToken } = await api.refuse();
  await at.run(
    `insert into password_credentials (user_id, connection_id, email, hash, changed_at, vouched_by)
     values ($1, 'con_pw', 'dana@acme.example', 'x', now(), 'mail')`,
    [DANA],
  );
  expect((await api.associate(mfaToken)).json().error_description).toContain('other ways to sign in');
  const bearer = await api.accessToken();
  expect((await api.associate(bearer)).json().error_description).toContain('other ways to sign in');
});

test('case=by the company, for an account with factors that also has a password', async () => {
  await api.enrol();
  at.advance(1);
  const bearer = await api.accessToken();
  const [app] = (await api.list(bearer)).json();
  await at.run(
    `insert into password_credentials (user_id, connection_id, email, hash, changed_at, vouched_by)
     values ($1, 'con_pw', 'dana@acme.example', 'x', now(), 'mail')`,
    [DANA],
  );
  const openSession = (connectionId: string) =>
    at.run(
      `insert into sessions (user_id, session_hash, id, connection_id, authenticated_at, created_at, last_used_at, expires_at)
       values ($1, 'x', 'ses_1', $2, now(), now(), now(), now() + interval '1 year')
       on conflict (user_id, session_hash) do update set connection_id = excluded.connection_id`,
      [DANA, connectionId],
    );
  await openSession('con_acme');
  const removed = await api.remove(bearer, app.id);
  expect([removed.statusCode, removed.json().error_description]).toEqual([
    403,
    expect.stringContaining('other ways to sign in'),
  ]);
  const address = { authenticator_types: ['oob'], oob_channels: ['email'], email: 'dana@private.example' };
  expect((await api.associate(bearer, address)).json().error_description).toContain('other ways to sign in');
  // Attack: the administrator reads the private addresses of the person.
  await at.run(
    `insert into factors (user_id, id, kind, address, created_at, confirmed_at)
     values ($1, 'email|dev_x', 'email', 'dana@private.example', now(), now())`,
    [DANA],
  );
  const shown = async () => JSON.stringify((await api.list(bearer)).json());
  expect(await shown()).not.toContain('email|dev_x');
  await openSession('con_pw');
  expect(await shown()).toContain('email|dev_x');
  await openSession('con_acme');
  await at.run("delete from factors where kind = 'email'");
  await at.run(`update factors set kind = 'passkey' where kind = 'otp'`);
  expect((await api.associate(bearer)).json().error_description).toContain('other ways to sign in');
  await at.run(`update factors set kind = 'otp' where kind = 'passkey'`);
  expect(await api.kinds()).toEqual(['otp', 'recovery-code']);
  // The token names its session, and that of the password may.
  await openSession('con_pw');
  expect((await api.remove(bearer, app.id)).statusCode).toBe(204);
  await at.run("delete from sessions where id = 'ses_1'");
});

test('case=by a token whose session has ended: after a new password, or by the link that stops a factor', async () => {
  const bearer = await api.accessToken();
  const { secret } = (await api.associate(bearer)).json();
  await at.run("delete from sessions where id = 'ses_1'");
  expect((await api.otp(bearer, api.codeOf(secret))).statusCode).toBe(403);
  const refused = await api.associate(bearer);
  expect([refused.statusCode, refused.json().error_description]).toEqual([
    403,
    'The session of this token has ended. Sign in again.',
  ]);
  expect(await api.kinds()).toEqual([]);
});

// Attack: who reads the mailbox sets a password, and that deletes the owner's app with what a stranger set up long ago.
test('case=an app beside a stranger’s password that has ended is the owner’s', async () => {
  await at.run(
    `insert into password_credentials (user_id, connection_id, email, hash, changed_at, vouched_by)
     values ($1, 'con_pw', 'dana@acme.example', '!', now(), null)`,
    [DANA],
  );
  const bearer = await api.accessToken();
  const { secret } = (await api.associate(bearer)).json();
  expect((await api.otp(bearer, api.codeOf(secret))).statusCode).toBe(200);
  expect(await at.run(`select vouched_by from factors where kind = 'otp'`)).toEqual([{ vouched_by: 'idp' }]);
  await at.run('delete from password_credentials');
});
