/** `/details` and `/config` of the My Organization API, the form of its errors, and its lines of the log. */
import { beforeAll, describe, expect, test } from 'vitest';
import { diffSnapshots } from '../support/database.js';
import { createManualClock } from '../support/manual-clock.js';
import {
  type Administrator,
  CONFIGURATION,
  type MyOrganization,
  myOrg,
  registerMyOrganization,
} from '../support/my-organization.js';
import { useStage } from '../support/stage.js';

const clock = createManualClock();
const stage = useStage({ clock });
let api: MyOrganization;
let ada: Administrator;

beforeAll(async () => {
  api = await registerMyOrganization(stage);
  ada = await api.administrator();
});

const call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
  clock.advanceMs(2_000);
  return myOrg(stage, ada.token, method, path, body, headers);
};
const COLORS = { primary: '#112233', page_background: '#fff' };

describe('details', () => {
  test('are shown and changed, and no more than that changes', async () => {
    const { acme } = stage.cast;
    expect((await call('GET', '/details')).body).toEqual({ id: acme.id, name: 'acme', display_name: 'Acme' });
    const before = await stage.instance.snapshot();
    const body = {
      name: 'acme',
      display_name: 'Acme & Söhne',
      branding: { colors: COLORS, logo_url: 'https://acme.example/l.png' },
    };
    expect((await call('PATCH', '/details', body)).body).toEqual({ id: acme.id, ...body });
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(Object.keys(changed).sort()).toEqual(['logs', 'organizations', 'settings_revision']);
    expect(changed.organizations?.added).toMatchObject([{ id: acme.id, name: 'acme' }]);
  });

  test('keep what a change leaves out', async () => {
    expect((await call('PATCH', '/details', { display_name: 'Acme 2' })).body).toMatchObject({
      branding: { colors: COLORS },
    });
    const { body } = await call('PATCH', '/details', { branding: { logo_url: null, colors: COLORS } });
    expect(body.branding).toEqual({ colors: COLORS });
  });

  test('a line of the log tells who changed which organization, by which application', async () => {
    await call('PATCH', '/details', { display_name: 'Acme 3' });
    const [line] = await stage.logs();
    expect(line).toMatchObject({
      type: 'sapi',
      client_id: stage.cast.client.id,
      organization_id: stage.cast.acme.id,
      details: { request: { path: '/my-org/details', auth: { subject: ada.id, user: { email: ada.email } } } },
    });
  });

  const wrong: readonly (readonly [unknown, string])[] = [
    [{ display_name: '' }, '/display_name'],
    [{ display_name: 'x'.repeat(256) }, '/display_name'],
    [{ branding: { colors: { primary: 'red', page_background: '#fff' } } }, '/branding/colors/primary'],
    [{ branding: { colors: { primary: '#fff' } } }, '/branding/colors/page_background'],
    [{ branding: { logo_url: 'http://acme.example/l.png' } }, '/branding/logo_url'],
    [{ branding: { logo_url: 'javascript:alert(1)' } }, '/branding/logo_url'],
    [[], ''],
    ['"text"', ''],
  ];
  test.each(wrong)('%j is refused at its place', async (body, pointer) => {
    const before = await stage.instance.snapshot();
    const answer = await call('PATCH', '/details', body);
    expect(answer).toMatchObject({ status: 400, body: { title: 'Validation Error' } });
    expect((answer.body.validation_errors as { pointer: string }[])[0]).toMatchObject({ pointer, source: 'body' });
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });

  test.each([
    ['{"display_name":', 400],
    [{ display_name: 'a\u0000b' }, 400],
    [{ display_name: 'x'.repeat(70_000) }, 413],
  ])('%j is refused', async (body, status) => {
    expect((await call('PATCH', '/details', body)).status).toBe(status);
  });

  test('another type of content is 415', async () => {
    const answer = await call('PATCH', '/details', 'display_name=x', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(answer.status).toBe(415);
  });

  // Attack: an administrator of a customer sets what only operators set, by a name of the Management API.
  const foreign: readonly object[] = [
    { metadata: { plan: 'enterprise' } },
    { token_quota: { client_credentials: { per_day: 1_000_000 } } },
    { is_app_entitlement_active: false },
    { blocked: false },
    { enabled_connections: [] },
    { third_party_client_access: 'allow' },
    { mfa: 'never' },
    { id: 'org_0000000000000000' },
    // Attack: a name that looks like another's, or reads on into the text beside it.
    { display_name: 'Acme\nSigned in as root' },
    { display_name: 'emcA\u202eAcme' },
    { branding: { colors: COLORS, font: 'x' } },
    { __proto__x: 1, constructor: {} },
  ];
  test.each(foreign.map((more) => [more]))('mass assignment: %j is refused, and changes nothing', async (more) => {
    const before = await stage.instance.snapshot();
    expect((await call('PATCH', '/details', { display_name: 'Mine', ...more })).status).toBe(400);
    expect(diffSnapshots(before, await stage.instance.snapshot())).toEqual({});
  });
});

test('the configuration is shown without the ids of profiles', async () => {
  expect((await call('GET', '/config')).body).toEqual(CONFIGURATION);
});

describe('addresses', () => {
  test('the deletion of the organization is refused in words', async () => {
    expect(await call('DELETE', '/')).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('operator') },
    });
  });

  test('an unknown one answers JSON', async () => {
    expect((await call('GET', '/nothing')).status).toBe(404);
  });
});

describe('scripts of other origins', () => {
  const from = (origin: string) => call('GET', '/details', undefined, { origin });

  test('attack=a page that is not of the application uses a token that it got hold of', async () => {
    await stage.instance.api('PATCH', `/clients/${stage.cast.client.id}`, {
      web_origins: ['https://notebook.example'],
    });
    expect((await from('https://notebook.example')).status).toBe(200);
    expect((await from('https://evil.example')).status).toBe(403);
    expect((await from('null')).status).toBe(403);
  });

  test('ask beforehand what they may send', async () => {
    const answer = await fetch(`${stage.instance.origin}/my-org/members/x/roles`, {
      method: 'OPTIONS',
      headers: { origin: 'https://notebook.example', 'access-control-request-method': 'POST' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-headers')).toContain('auth0-client');
  });
});

test('a member in a hurry is told to wait', async () => {
  const { token } = await api.administrator();
  const answers = await Promise.all(Array.from({ length: 90 }, () => myOrg(stage, token, 'GET', '/details')));
  const late = answers.filter(({ status }) => status === 429);
  expect(late.length).toBeGreaterThan(0);
  expect(late[0]?.headers.get('retry-after')).not.toBeNull();
  expect(answers[0]?.headers.get('x-ratelimit-remaining')).not.toBeNull();
});
