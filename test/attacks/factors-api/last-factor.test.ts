/**
 * Attack: somebody removes the last factor of an account while a policy asks for one, and the account is protected by the
 * password alone until its owner comes again.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type FactorsApi, forgetFactors, useFactorsApi } from '../../oauth/factors-fixture.js';
import { createFixture, DANA, type Fixture } from '../../oauth/fixture.js';

let at: Fixture;
let api: FactorsApi;
beforeAll(async () => {
  at = await createFixture();
  api = await useFactorsApi(at);
});
afterAll(() => at.stop());
beforeEach(() => forgetFactors(at));
afterEach(async () => {
  await policies();
  await at.run("update organizations set mfa = 'none'");
});

const policies = (...names: string[]) =>
  at.run("update tenant set guardian = guardian || jsonb_build_object('policies', $1::jsonb)", [JSON.stringify(names)]);
const accept = (name: string, isAccepted = true) =>
  at.run("update tenant set guardian = jsonb_set(guardian, array['factors', $1], $2)", [name, String(isAccepted)]);
const organizationAsks = () => at.run("update organizations set mfa = 'required' where id = 'org_acme'");

/** Stores a confirmed factor of Dana's. */
const store = (kind: string, address: string | null = null) =>
  at.run(
    `insert into factors (user_id, id, kind, address, vouched_by, created_at, confirmed_at)
     values ($1, $2, $3, $4, 'idp', $5, $5)`,
    [DANA, `${kind}|dev_x`, kind, address, new Date(at.now().getTime() - 60_000)],
  );

/** Dana with an app and a recovery code, and a token that may remove both. */
async function enrolled() {
  await api.enrol();
  const bearer = await api.accessToken();
  const [app] = await at.run("select id from factors where kind = 'otp'");
  const remove = async () => {
    const response = await api.remove(bearer, String(app?.id));
    return [response.statusCode, response.body === '' ? undefined : response.json().error_description];
  };
  return { remove };
}

const REFUSED = [409, 'The last authenticator stays: a second factor is required. Set up another one first.'];
const REMOVED = [204, undefined];

test.each([
  ['the tenant’s policy', () => policies('all-applications')],
  ['an organization’s rule', organizationAsks],
])('case=delete the last factor under %s', async (_name, ask) => {
  const { remove } = await enrolled();
  await ask();
  expect(await remove()).toEqual(REFUSED);
  expect(await api.kinds()).toEqual(['otp', 'recovery-code']);
  expect(await at.run("select 1 from logs where type = 'gd_unenroll'")).toEqual([]);
});

test('case=the last factor goes once nobody asks for one, and its recovery code with it', async () => {
  const { remove } = await enrolled();
  await policies('all-applications');
  await organizationAsks();
  expect(await remove()).toEqual(REFUSED);
  await policies();
  expect(await remove()).toEqual(REFUSED);
  await at.run("update organizations set mfa = 'none'");
  expect(await remove()).toEqual(REMOVED);
  expect(await api.kinds()).toEqual([]);
});

test('case=the last one that an organization accepts stays beside another: its owner could not sign in there', async () => {
  const { remove } = await enrolled();
  await store('webauthn-roaming');
  await accept('webauthn-roaming');
  await at.run("update organizations set mfa = 'required', mfa_factors = array['otp'] where id = 'org_acme'");
  expect(await remove()).toEqual(REFUSED);
  await at.run("update organizations set mfa_factors = '{}' where id = 'org_acme'");
  expect(await remove()).toEqual(REMOVED);
});

test('case=a factor that nobody accepts is no other factor', async () => {
  const { remove } = await enrolled();
  await store('passkey');
  await policies('all-applications');
  await accept('webauthn-platform', false);
  expect(await remove()).toEqual(REFUSED);
  await accept('webauthn-platform');
  expect(await remove()).toEqual(REMOVED);
});

test('case=one of two factors goes under both, and then the other one stays', async () => {
  const { remove } = await enrolled();
  await store('webauthn-roaming');
  await accept('webauthn-roaming');
  await policies('all-applications');
  await organizationAsks();
  expect(await remove()).toEqual(REMOVED);
  expect(await api.kinds()).toEqual(['recovery-code', 'webauthn-roaming']);
  await at.run("update factors set id = 'totp|dev_y', kind = 'otp' where kind = 'webauthn-roaming'");
  at.advance(60);
  expect((await api.remove(await api.accessToken(), 'totp|dev_y')).statusCode).toBe(409);
  expect(await api.kinds()).toEqual(['otp', 'recovery-code']);
});

test('case=an address for codes, which counts for nothing alone, goes under both', async () => {
  await store('email', 'dana@private.example');
  await policies('all-applications');
  await organizationAsks();
  const bearer = await api.accessToken();
  expect((await api.remove(bearer, 'email|dev_x')).statusCode).toBe(204);
  expect(await api.kinds()).toEqual([]);
});
