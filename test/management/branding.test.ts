/** `/branding`, the theme and the template of the tenant: what is sent comes back, null clears, and what pages could not show is refused. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DARK_THEME, THEME } from '../support/themes.js';
import { createCast, type Management, startManagement } from './harness.js';

let api: Management;
beforeEach(async () => {
  api = await startManagement();
});
afterEach(() => api.close());

const BRANDING = {
  colors: { primary: '#0059d6', page_background: '#f5f7fa' },
  favicon_url: 'https://cdn.example/favicon.ico',
  logo_url: 'https://cdn.example/logo.png',
  font: { url: 'https://cdn.example/font.woff' },
};

test('branding comes back as it was sent; null clears a setting, or one within it', async () => {
  expect((await api.get('/branding')).body).toEqual({});
  expect(await api.patch('/branding', BRANDING)).toMatchObject({ status: 200, body: BRANDING });
  expect((await api.patch('/branding', { colors: { primary: '#111111' } })).body.colors).toEqual({
    primary: '#111111',
    page_background: '#f5f7fa',
  });
  const cleared = await api.patch('/branding', { logo_url: null, font: { url: null }, colors: { primary: null } });
  expect(cleared.body).toEqual({ colors: { page_background: '#f5f7fa' }, favicon_url: BRANDING.favicon_url });
  expect((await api.get('/branding')).body).toEqual(cleared.body);
  const gradient = { type: 'linear-gradient', start: '#ffffff', end: '#000000', angle_deg: 35 };
  expect((await api.patch('/branding', { colors: { page_background: gradient } })).body.colors).toEqual({
    page_background: gradient,
  });
  expect((await api.patch('/branding', { colors: { page_background: null } })).body).not.toHaveProperty('colors');
});

test.each([
  { logo_url: 'http://cdn.example/logo.png' },
  { favicon_url: 'javascript:alert(1)' },
  { font: { url: 'data:font/woff;base64,AA' } },
  { colors: { primary: 'red;}body{background:url(//evil.example)' } },
  { colors: { page_background: 'red;}body{background:url(//evil.example)' } },
  { colors: { page_background: { type: 'linear-gradient', start: '#fff', end: 'url(//evil.example)' } } },
  { colour: '#ffffff' },
  {},
])('%j is refused and nothing is kept', async (body) => {
  expect((await api.patch('/branding', body)).status).toBe(400);
  expect((await api.get('/branding')).body).toEqual({});
});

/** The values that ask for nothing. */
const IDENTIFIERS = {
  login_display: 'unified',
  otp_autocomplete: true,
  phone_display: { formatting: 'international', masking: 'mask_digits' },
};

test('the look of fields is kept as it was sent, and an answer says that it has no effect', async () => {
  const made = await api.post('/branding/themes', THEME);
  expect(made.body).not.toHaveProperty('identifiers');
  const path = `/branding/themes/${made.body.themeId}`;
  const same = await api.patch(path, { ...THEME, identifiers: IDENTIFIERS });
  expect(same.headers['vestibule-without-effect'] ?? '').not.toContain('identifiers');
  const separate = { ...IDENTIFIERS, login_display: 'separate' };
  const changed = await api.patch(path, { ...THEME, identifiers: separate });
  expect(changed.headers['vestibule-without-effect']).toContain('identifiers.login_display');
  expect((await api.get(path)).body.identifiers).toEqual(separate);
  const unknown = { ...IDENTIFIERS, login_display: 'sideways' };
  expect((await api.patch(path, { ...THEME, identifiers: unknown })).status).toBe(400);
});

test('there is one theme, always whole', async () => {
  expect(await api.get('/branding/themes/default')).toMatchObject({
    status: 404,
    body: { message: 'There was an error retrieving branding settings: invalid theme ID' },
  });
  const made = await api.post('/branding/themes', THEME);
  expect(made).toMatchObject({ status: 200, body: { ...THEME, displayName: 'Unnamed Theme' } });
  expect((await api.post('/branding/themes', THEME)).status).toBe(409);
  expect((await api.get('/branding/themes/default')).body).toEqual(made.body);
  const path = `/branding/themes/${made.body.themeId}`;
  expect((await api.patch(path, { colors: THEME.colors })).status).toBe(400);
  expect((await api.patch(path, { ...DARK_THEME, displayName: 'Night' })).body).toEqual({
    ...DARK_THEME,
    displayName: 'Night',
    themeId: made.body.themeId,
  });
  for (const method of ['GET', 'DELETE']) expect((await api.call(method, '/branding/themes/none')).status).toBe(404);
  expect((await api.patch('/branding/themes/none', THEME)).status).toBe(404);
  expect((await api.delete(path)).status).toBe(204);
  expect((await api.get(path)).status).toBe(404);
});

test('a template is kept and given back; it has to have both tags', async () => {
  const path = '/branding/templates/universal-login';
  const template = '<html><head>{%- auth0:head -%}</head><body>{%- auth0:widget -%}</body></html>';
  expect((await api.get(path)).status).toBe(404);
  for (const wrong of ['<html></html>', template.replace('auth0:widget', 'x'), template.replace('auth0:head', 'x')])
    expect((await api.call('PUT', path, { template: wrong })).status).toBe(400);
  expect((await api.call('PUT', path, { template })).status).toBe(201);
  expect((await api.get(path)).body).toEqual({ body: template });
  expect((await api.call('PUT', path, JSON.stringify(`${template} `))).status).toBe(204);
  expect((await api.get(path)).body).toEqual({ body: `${template} ` });
  expect((await api.delete(path)).status).toBe(204);
  expect((await api.get(path)).status).toBe(404);
});

test('a mail of an invitation has the look of the tenant where the organization has none', async () => {
  const cast = await createCast(api);
  await api.patch('/branding', BRANDING);
  const invite = (email: string) =>
    api.post(`/organizations/${cast.organization}/invitations`, {
      inviter: { name: 'Ida' },
      invitee: { email },
      client_id: cast.client,
    });
  await invite('one@acme.example');
  await api.patch(`/organizations/${cast.organization}`, {
    branding: { colors: { primary: '#b91c1c', page_background: '#ffffff' } },
  });
  await invite('two@acme.example');
  expect((await api.mail()).map(({ model }) => model.brand)).toEqual([
    { title: 'Acme Inc', logoUrl: BRANDING.logo_url, primaryColor: '#0059d6' },
    { title: 'Acme Inc', logoUrl: BRANDING.logo_url, primaryColor: '#b91c1c' },
  ]);
});
