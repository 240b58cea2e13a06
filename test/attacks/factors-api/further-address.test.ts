/**
 * Attack: somebody with the password adds a mailbox of their own to the account, and passes the second factor there. An
 * address counts only after its code was typed, beside a factor that counts alone, and after such a factor was passed.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { openAccount, press } from '../../support/account-page.js';
import { PASSWORD } from '../../support/cast.js';
import { asksForFactor, factorSettings, type OtpApp, STEP_UP } from '../../support/factors.js';
import { playInOrder } from '../../support/held-writes.js';
import type { Json } from '../../support/instance.js';
import { createManualClock } from '../../support/manual-clock.js';
import { useStage, wordsOf } from '../../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
const settings = factorSettings(stage, () => clock.now().getTime());
const GRANT = 'http://auth0.com/oauth/grant-type/mfa-oob';
const WRONG = [403, 'Invalid binding_code.'];
let people = 0;
let email: string;
let further: string;
let userId: string;
let app: OtpApp;

beforeEach(async () => {
  await settings.sql('delete from attempt_counters');
  await settings.sql(
    'update clients set grant_types = array_append(grant_types, $1) where not $1 = any (grant_types)',
    [GRANT],
  );
  await settings.accept({ otp: true, email: true, 'recovery-code': true });
  email = `far${++people}@plain.example`;
  further = `far${people}@private.example`;
  userId = await stage.cast.createMember(email);
  app = await settings.enrol(email, userId);
  clock.advanceMs(60_000);
});

async function call(path: string, token: string, method = 'GET', body?: unknown) {
  const response = await fetch(`${stage.instance.origin}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Json) };
}
/** A token of the audience `/mfa/`: its login asks for the factor of everybody who has one. */
async function tokenOf() {
  // The times of tokens have whole seconds.
  clock.advanceMs(2_000);
  const visitor = stage.visitor();
  const scope = 'openid enroll read:authenticators remove:authenticators';
  const page = await visitor.withPassword(email, PASSWORD, { audience: `${stage.instance.origin}/mfa/`, scope });
  const { accessToken } = await visitor.redeem(await app.answer(visitor, page));
  await settings.wait(userId, app);
  clock.advanceMs(1_000);
  return accessToken;
}
const associate = (token: string, address = further) =>
  call('/mfa/associate', token, 'POST', { authenticator_types: ['oob'], oob_channels: ['email'], email: address });
const codesTo = async (address: string) =>
  (await stage.instance.mail()).flatMap(({ mail }) =>
    mail.to === address && mail.template === 'factor_code' ? [String(mail.model.code)] : [],
  );
async function confirm(token: string, oobCode: unknown, code: string) {
  const { id: client_id, secret: client_secret } = stage.cast.client;
  const response = await fetch(`${stage.instance.origin}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ grant_type: GRANT, client_id, client_secret, mfa_token: token },
      ...{ oob_code: oobCode, binding_code: code },
    }),
  });
  return { status: response.status, body: (await response.json()) as Json };
}
const said = ({ status, body }: Awaited<ReturnType<typeof confirm>>) => [status, body.error_description];
const addresses = async () =>
  (await settings.sql(`select address from factors where user_id = $1 and kind = 'email'`, [userId])).map(
    (row) => row.address,
  );
async function started() {
  const token = await tokenOf();
  const { status, body } = await associate(token);
  expect(status, JSON.stringify(body)).toBe(200);
  return { token, body, oobCode: body.oob_code, code: (await codesTo(further))[0] ?? '' };
}

describe('/mfa/associate with an address', () => {
  test('case=counts after its code was typed, is listed and removed', async () => {
    const { token, body, oobCode, code } = await started();
    expect(body).toEqual({
      ...{ authenticator_type: 'oob', oob_channel: 'email', binding_method: 'prompt', oob_code: oobCode },
    });
    expect(code).toMatch(/^\d{6}$/);
    expect(await addresses(), 'not before').toEqual([]);
    expect(await confirm(token, oobCode, code)).toMatchObject({ status: 200, body: { access_token: token } });
    expect(await addresses()).toEqual([further]);
    const types = (await settings.sql('select type from logs where user_id = $1', [userId])).map(({ type }) => type);
    expect(types).toEqual(expect.arrayContaining(['gd_start_enroll', 'gd_enrollment_complete']));
    const told = (await stage.instance.mail()).filter(({ mail }) => mail.to === email);
    expect(told.map(({ mail }) => mail.model.factor)).toContain('email');
    expect(await settings.sql('select email from users where user_id = $1', [userId])).toEqual([{ email }]);
    // The token is from before the change, as with an app.
    const later = await tokenOf();
    const list = (await call('/mfa/authenticators', later)).body as unknown as Json[];
    const { id } = list.find(({ name }) => name === 'f***@private.example') ?? {};
    const path = (one: unknown) => `/mfa/authenticators/${encodeURIComponent(String(one))}`;
    expect((await call(path(id), token, 'DELETE')).status).toBe(403);
    expect((await call(path('email|account'), later, 'DELETE')).status).toBe(404);
    expect((await call(path(id), later, 'DELETE')).status).toBe(204);
    expect(await addresses()).toEqual([]);
  });

  test('case=a code counts once, also twice at once', async () => {
    const { token, oobCode, code } = await started();
    const both = await Promise.all([confirm(token, oobCode, code), confirm(token, oobCode, code)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
    expect(await addresses()).toHaveLength(1);
    await settings.sql(`delete from factors where user_id = $1 and kind = 'email'`, [userId]);
    await settings.sql('update users set factors_revision = factors_revision - 1 where user_id = $1', [userId]);
    expect(said(await confirm(await tokenOf(), oobCode, code))).toEqual(WRONG);
  });

  test('case=five minutes, and not a second more', async () => {
    const { token, oobCode, code } = await started();
    clock.advanceMs(5 * 60_000);
    expect(said(await confirm(token, oobCode, code))).toEqual(WRONG);
  });

  test('case=guessed', async () => {
    const { token, oobCode, code } = await started();
    const wrong = code === '000000' ? '000001' : '000000';
    for (let time = 0; time < 5; time++) expect(said(await confirm(token, oobCode, wrong))).toEqual(WRONG);
    expect((await confirm(token, oobCode, code)).status).toBe(429);
  });

  test('case=of another person', async () => {
    const { oobCode, code } = await started();
    email = `other${people}@plain.example`;
    userId = await stage.cast.createMember(email);
    app = await settings.enrol(email, userId);
    clock.advanceMs(60_000);
    expect(said(await confirm(await tokenOf(), oobCode, code))).toEqual(WRONG);
  });

  test('case=the factors were reset while it was on its way', async () => {
    const { token, oobCode, code } = await started();
    await settings.sql('delete from factors where user_id = $1', [userId]);
    expect(said(await confirm(token, oobCode, code))).toEqual(WRONG);
    expect(await addresses()).toEqual([]);
  });

  test('case=the app is removed between the check and the write', async () => {
    const { token, oobCode, code } = await started();
    const list = (await call('/mfa/authenticators', token)).body as unknown as Json[];
    const id = encodeURIComponent(String(list.find(({ type }) => type === 'otp')?.id));
    const { first, second } = await playInOrder(
      stage.instance.database.pool,
      {
        pool: stage.instance.server.pool,
        matches: /^delete from factors where user_id = \$1 and id = \$2/,
        run: () => call(`/mfa/authenticators/${id}`, token, 'DELETE'),
      },
      { run: () => confirm(token, oobCode, code) },
    );
    expect([first.status, said(second)]).toEqual([204, WRONG]);
    expect(await addresses()).toEqual([]);
  });

  test('case=never a first factor', async () => {
    await settings.sql('delete from factors where user_id = $1', [userId]);
    await settings.sql('update users set factors_revision = factors_revision + 1 where user_id = $1', [userId]);
    const visitor = stage.visitor();
    const asked = { audience: `${stage.instance.origin}/mfa/`, scope: 'openid enroll' };
    const { accessToken } = await visitor.redeem(await visitor.withPassword(email, PASSWORD, asked));
    const { status, body } = await associate(accessToken);
    expect([status, body.error_description]).toEqual([403, expect.stringContaining('never the first factor')]);
    expect(await codesTo(further)).toEqual([]);
  });

  test('case=the token is from before the app was set up', async () => {
    const token = await tokenOf();
    await settings.sql('update factors set confirmed_at = $2 where user_id = $1', [userId, clock.now()]);
    expect((await associate(token)).status).toBe(403);
    expect(await codesTo(further)).toEqual([]);
  });

  test('case=switched off, no address, another channel, or one that the account has', async () => {
    const token = await tokenOf();
    for (const address of ['', 'x', 'a@b@c.example']) expect((await associate(token, address)).status).toBe(400);
    const sms = { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+1' };
    expect((await call('/mfa/associate', token, 'POST', sms)).status).toBe(400);
    expect((await associate(token, email)).body.error_description).toBe('User is already enrolled');
    await settings.accept({ otp: true });
    expect((await associate(token)).status).toBe(403);
    expect(await codesTo(further)).toEqual([]);
  });

  test('case=a sixth address, for which no code is mailed', async () => {
    const path = `/users/${encodeURIComponent(userId)}/authentication-methods`;
    for (let one = 0; one < 5; one++)
      await stage.instance.api('POST', path, { type: 'email', email: `n${one}.${further}` });
    const { status, body } = await associate(await tokenOf());
    expect([status, body.error_description]).toEqual([403, expect.stringContaining('as many addresses')]);
    expect(await codesTo(further)).toEqual([]);
  });

  test('case=six mails in an hour', async () => {
    const token = await tokenOf();
    for (let time = 0; time < 5; time++) expect((await associate(token, `n${time}.${further}`)).status).toBe(200);
    expect((await associate(token)).status).toBe(429);
    expect(await codesTo(further)).toEqual([]);
  });
});

describe('the page of the account', () => {
  test('case=lists a further address, and removes it after a factor', async () => {
    const path = `/users/${encodeURIComponent(userId)}/authentication-methods`;
    const made = await stage.instance.api<{ id: string }>('POST', path, { type: 'email', email: further });
    const visitor = stage.visitor();
    const page = await visitor.withPassword(email, PASSWORD, STEP_UP);
    expect(asksForFactor(page)).toBe(true);
    await visitor.redeem(await app.answer(visitor, page));
    const account = await openAccount(visitor);
    expect(wordsOf(account)).toContain(further);
    await press(visitor.browser, account, `remove:${made.id}`);
    expect(await addresses()).toEqual([]);
  });

  test('case=a company does not see the private addresses of its people', async () => {
    const address = `far.company${people}@acme.example`;
    stage.cast.people[address] = { sub: address, email: address, email_verified: true };
    await stage.enablement({ assign_membership_on_login: true });
    const visitor = stage.visitor();
    const { claims } = await visitor.redeem(
      await visitor.signInAtIdp(await visitor.type(await visitor.open(), address), address),
    );
    const path = `/users/${encodeURIComponent(String(claims.sub))}/authentication-methods`;
    await stage.instance.api('POST', path, { type: 'email', email: further });
    expect(wordsOf(await openAccount(visitor)), 'the account is the company’s alone').toContain(further);
    await settings.sql(
      `insert into password_credentials (user_id, connection_id, email, hash, vouched_by, changed_at)
       values ($1, $2, $3, 'x', 'mail', $4)`,
      [claims.sub, stage.cast.databaseId, address, clock.now()],
    );
    expect(wordsOf(await openAccount(visitor))).not.toContain(further);
  });
});
