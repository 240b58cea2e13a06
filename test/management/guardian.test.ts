/**
 * `/guardian`: which second factors there are, and who is asked for one. A factor that cannot be had is refused in words, and nobody is asked for a
 * factor that they could not set up.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Cast, createCast, type Management, startManagement } from './harness.js';

let api: Management;
let cast: Cast;
beforeAll(async () => {
  api = await startManagement();
  cast = await createCast(api);
});
afterEach(async () => {
  await api.database.pool.query("update tenant set guardian = '{}'");
  await api.database.pool.query('update organizations set mfa = default, mfa_factors = default');
});
afterAll(() => api.close());

const put = (path: string, body: unknown, token?: string) => api.put(`/guardian/${path}`, body, token);
const enable = (name: string, enabled = true) => put(`factors/${name}`, { enabled });
const enabledNow = async () =>
  ((await api.get('/guardian/factors')).body as { name: string; enabled: boolean }[])
    .filter(({ enabled }) => enabled)
    .map(({ name }) => name);

describe('factors', () => {
  test("case=are listed in Auth0's order, all of them off at first", async () => {
    const { body } = await api.get('/guardian/factors');
    const names = [
      'sms',
      'push-notification',
      'otp',
      'email',
      'duo',
      'webauthn-roaming',
      'webauthn-platform',
      'recovery-code',
    ];
    expect(body).toEqual(names.map((name) => ({ name, enabled: false, trial_expired: false })));
  });

  test.each(['otp', 'email', 'webauthn-roaming', 'webauthn-platform', 'recovery-code'])(
    'case=%s is switched on, and off again',
    async (name) => {
      expect(await enable(name)).toMatchObject({ status: 200, body: { enabled: true } });
      expect(await enabledNow()).toEqual([name]);
      expect((await enable(name, false)).body).toEqual({ enabled: false });
      expect(await enabledNow()).toEqual([]);
    },
  );

  test.each([
    ['sms', /sends no text messages/],
    ['push-notification', /need an app of Auth0/],
    ['duo', /Duo is not supported/],
  ])('case=%s cannot be had: off is answered as done, on is refused in words', async (name, words) => {
    expect((await enable(name, false)).body).toEqual({ enabled: false });
    expect(await enable(name)).toMatchObject({
      status: 400,
      body: { errorCode: 'operation_not_supported', message: expect.stringMatching(words) },
    });
    expect(await enabledNow()).toEqual([]);
  });

  test('case=an unknown factor, and a body of another form, are 400', async () => {
    expect((await enable('retina')).status).toBe(400);
    for (const body of [{}, { enabled: 'yes' }, { enabled: true, more: 1 }, null])
      expect((await put('factors/otp', body)).status, JSON.stringify(body)).toBe(400);
  });

  test('case=settings of text messages, push notifications and Duo answer as on a tenant without them', async () => {
    expect((await api.get('/guardian/factors/phone/message-types')).body).toEqual({ message_types: [] });
    expect(await put('factors/phone/message-types', { message_types: ['sms'] })).toMatchObject({
      status: 403,
      body: { errorCode: 'feature_not_enabled', message: expect.stringContaining('authenticator app') },
    });
  });
});

describe('settings of WebAuthn', () => {
  test('case=have the shape that was recorded, and what is sent comes back', async () => {
    const roaming = '/guardian/factors/webauthn-roaming/settings';
    expect((await api.get(roaming)).body).toEqual({ userVerification: 'discouraged', overrideRelyingParty: false });
    const sent = { userVerification: 'required', overrideRelyingParty: false };
    expect((await api.put(roaming, sent)).body).toEqual(sent);
    expect((await api.put(roaming, {})).body).toEqual(sent);
    expect((await api.get(roaming)).body).toEqual(sent);
    const platform = '/guardian/factors/webauthn-platform/settings';
    expect((await api.get(platform)).body).toEqual({ overrideRelyingParty: false });
    expect((await api.put(platform, { overrideRelyingParty: false })).body).toEqual({ overrideRelyingParty: false });
  });

  test.each(['roaming', 'platform'])('case=another relying party is refused in words: %s', async (kind) => {
    for (const body of [{ overrideRelyingParty: true }, { relyingPartyIdentifier: 'example.com' }])
      expect(await put(`factors/webauthn-${kind}/settings`, body)).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining('the host of this server') },
      });
    expect((await put(`factors/webauthn-${kind}/settings`, { userVerification: 'sometimes' })).status).toBe(400);
  });
});

describe('policies', () => {
  test('case=none, or all applications; the tenant row has what was sent', async () => {
    expect((await api.get('/guardian/policies')).body).toEqual([]);
    await enable('otp');
    expect(await put('policies', ['all-applications'])).toMatchObject({ status: 200, body: ['all-applications'] });
    expect((await api.get('/guardian/policies')).body).toEqual(['all-applications']);
    const { rows } = await api.database.pool.query('select guardian from tenant');
    expect(rows).toEqual([{ guardian: { factors: { otp: true }, policies: ['all-applications'] } }]);
    expect((await put('policies', [])).body).toEqual([]);
  });

  test('case=the policy by risk is refused in words, an unknown one by the schema', async () => {
    await enable('otp');
    expect(await put('policies', ['confidence-score'])).toMatchObject({
      status: 400,
      body: { message: expect.stringMatching(/risk.+all-applications/) },
    });
    expect((await put('policies', ['sometimes'])).status).toBe(400);
    expect((await put('policies', {})).status).toBe(400);
  });

  test("case=a policy may come before the factors, as Auth0's provider for Terraform sends them", async () => {
    expect(await put('policies', ['all-applications'])).toMatchObject({ status: 200, body: ['all-applications'] });
    // These count only beside another one.
    for (const name of ['recovery-code', 'webauthn-platform']) expect((await enable(name)).status).toBe(200);
    expect((await enable('recovery-code', false)).status).toBe(200);
    expect((await api.get('/guardian/policies')).body).toEqual(['all-applications']);
    await enable('webauthn-roaming');
    expect((await enable('webauthn-roaming', false)).status).toBe(409);
  });

  test('case=the last factor that counts alone stays while the policy asks for one', async () => {
    await enable('otp');
    await enable('webauthn-roaming');
    await put('policies', ['all-applications']);
    expect((await enable('otp', false)).status).toBe(200);
    expect(await enable('webauthn-roaming', false)).toMatchObject({
      status: 409,
      body: { errorCode: 'no_independent_factor', message: expect.stringContaining('would be enabled any more') },
    });
    expect(await enabledNow()).toEqual(['webauthn-roaming']);
    await put('policies', []);
    expect((await enable('webauthn-roaming', false)).status).toBe(200);
  });
});

describe('of an organization', () => {
  const set = (body: unknown) => api.patch(`/organizations/${cast.organization}`, body);

  test('case=mfa and mfa_factors are set, shown and reset', async () => {
    await enable('otp');
    await enable('webauthn-platform');
    const shown = (await api.get(`/organizations/${cast.organization}`)).body;
    expect([shown.mfa, shown.mfa_factors], "an organization without them has Auth0's shape").toEqual([
      undefined,
      undefined,
    ]);
    const sent = { mfa: 'required_unless_idp', mfa_factors: ['otp', 'webauthn-platform'] };
    expect(await set(sent)).toMatchObject({ status: 200, body: sent });
    expect((await api.get(`/organizations/${cast.organization}`)).body).toMatchObject(sent);
    const reset = (await set({ mfa: 'none', mfa_factors: null })).body;
    expect([reset.mfa, reset.mfa_factors]).toEqual([undefined, undefined]);
    expect((await set({ mfa: 'perhaps' })).status).toBe(400);
    expect((await set({ mfa_factors: ['retina'] })).status).toBe(400);
  });

  test('case=a new organization has them at once, as an import sends them, or is not made', async () => {
    const made = (body: Record<string, unknown>) => api.post('/organizations', { name: 'imported', ...body });
    expect((await made({ mfa: 'required' })).body).toMatchObject({ errorCode: 'no_independent_factor' });
    expect((await made({ mfa_factors: ['sms'] })).status).toBe(400);
    await enable('otp');
    const sent = { mfa: 'required_unless_idp', mfa_factors: ['otp'] };
    const { status, body } = await made(sent);
    expect([status, body]).toEqual([201, expect.objectContaining(sent)]);
    expect((await api.get(`/organizations/${body.id}`)).body).toMatchObject(sent);
    await api.delete(`/organizations/${body.id}`);
  });

  test('case=a factor that this server does not have is refused with its sentence', async () => {
    expect(await set({ mfa_factors: ['otp', 'sms'] })).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('sends no text messages') },
    });
  });

  test('case=it cannot ask for a factor that its members could not set up', async () => {
    expect((await set({ mfa: 'required' })).body).toMatchObject({
      statusCode: 409,
      errorCode: 'no_independent_factor',
    });
    await enable('otp');
    await enable('webauthn-platform');
    for (const mfa_factors of [['webauthn-platform'], ['webauthn-roaming'], ['recovery-code']])
      expect((await set({ mfa: 'required', mfa_factors })).status, String(mfa_factors)).toBe(409);
    // The list alone asks nobody; with the other half it would.
    expect((await set({ mfa_factors: ['webauthn-platform'] })).status).toBe(200);
    expect((await set({ mfa: 'required' })).status).toBe(409);
    expect((await set({ mfa_factors: ['otp'] })).status).toBe(200);
    expect((await set({ mfa: 'required' })).status).toBe(200);
    expect((await set({ mfa_factors: ['webauthn-platform'] })).status).toBe(409);
  });

  test('case=the last factor that it accepts stays on while it asks for one', async () => {
    await enable('otp');
    await enable('webauthn-roaming');
    await set({ mfa: 'required', mfa_factors: ['webauthn-roaming'] });
    const { name } = (await api.get(`/organizations/${cast.organization}`)).body;
    expect(await enable('webauthn-roaming', false)).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining(`The organization ${name} asks for a second factor`) },
    });
    expect((await enable('otp', false)).status).toBe(200);
    await set({ mfa_factors: [] });
    expect((await enable('webauthn-roaming', false)).status).toBe(409);
    await set({ mfa: 'none' });
    expect((await enable('webauthn-roaming', false)).status).toBe(200);
  });

  test('case=who may change organizations alone cannot turn off what protects their members', async () => {
    await enable('otp');
    await set({ mfa: 'required', mfa_factors: ['otp'] });
    const path = `/organizations/${cast.organization}`;
    for (const body of [{ mfa: 'none' }, { mfa_factors: [] }, { mfa_factors: null }])
      expect(await api.patch(path, body, 'update.organizations'), JSON.stringify(body)).toMatchObject({
        status: 403,
        body: { errorCode: 'insufficient_scope', message: expect.stringContaining('update:mfa_policies') },
      });
    expect((await api.get(path)).body).toMatchObject({ mfa: 'required', mfa_factors: ['otp'] });
    expect((await api.patch(path, { mfa: 'none' }, 'update.organizations+update.mfa_policies')).status).toBe(200);
  });

  test('case=two writes at once cannot leave an organization that asks for a factor which is off', async () => {
    for (let round = 0; round < 5; round += 1) {
      await set({ mfa: 'none' });
      await enable('otp');
      const answers = await Promise.all([set({ mfa: 'required' }), enable('otp', false)]);
      const { mfa } = (await api.get(`/organizations/${cast.organization}`)).body;
      expect(mfa === 'required' && (await enabledNow()).length === 0, JSON.stringify(answers)).toBe(false);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    }
  });
});

test('case=the policies and the factors take scopes of their own', async () => {
  expect((await put('policies', [], 'update.guardian_factors')).status).toBe(403);
  expect((await put('factors/otp', { enabled: true }, 'update.mfa_policies')).status).toBe(403);
  expect((await put('factors/otp', { enabled: true }, 'update.guardian_factors')).status).toBe(200);
});
