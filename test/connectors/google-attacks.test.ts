/**
 * Lies, and plain mistakes, about whose account a token of Google is: everybody with a Google account has the same issuer and the same keys.
 * Each test fails with its check taken out.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectionWith, newWay, type OidcRig, startOidcRig } from '../support/oidc-rig.js';
import type { Lie } from '../support/scripted-idp.js';

const GOOGLE = 'https://accounts.google.com';
const people = {
  dana: { sub: '110169484474386276334', email: 'dana@acme.example', email_verified: true, hd: 'acme.example' },
  gmail: { sub: '110169484474386270000', email: 'dana.duck@gmail.com', email_verified: true },
};
const refused = (check: string) => ({ ok: false, reason: 'invalid', check });

let rig: OidcRig;
beforeAll(async () => {
  rig = await startOidcRig({
    strategy: 'google-apps',
    options: { tenant_domain: 'Acme.example', domain_aliases: ['acme-labs.example'] },
    idp: { people, publicUrl: GOOGLE },
  });
});
afterAll(() => rig.stop());
const loginAfter = (lie: Lie) => {
  rig.idp.next(lie);
  return rig.login();
};
const parametersOf = async (options: object) => {
  const started = await rig.connector.start(
    connectionWith({ client_id: 'c', ...options }, { strategy: 'google-apps', revision: JSON.stringify(options) }),
    newWay(),
    {},
  );
  return new URL(started.ok ? started.url : 'about:blank').searchParams;
};

test('without a lie the login proves Dana: the subject is the number that Google never gives again', async () => {
  expect(await rig.login()).toMatchObject({
    ok: true,
    identity: { issuer: GOOGLE, subject: people.dana.sub, email: 'dana@acme.example', emailVerified: true },
  });
});

test.each<[string, unknown]>([
  ['no company', undefined],
  ['an empty company', ''],
  ['another company', 'evil.example'],
  ['a company whose name ends with this one', 'evil-acme.example'],
  ['a company below this one', 'sub.acme.example'],
  ['a company whose name begins with this one', 'acme.example.evil.example'],
  ['every company', '*'],
  ['this company in capitals', 'ACME.EXAMPLE'],
  ['a list with this company', ['acme.example']],
  ['the domain of gmail', 'gmail.com'],
])('an account of %s fails id_token.hd, whatever its address', async (_name, hd) => {
  expect(await loginAfter({ claims: { hd } })).toMatchObject(refused('id_token.hd'));
});

test('a consumer account fails id_token.hd', async () => {
  expect(await rig.login('gmail')).toMatchObject(refused('id_token.hd'));
});

test('an account of a listed alias comes in', async () => {
  expect(await loginAfter({ claims: { hd: 'acme-labs.example' } })).toMatchObject({ ok: true });
});

test.each([
  ['the text', 'true'],
  ['one', 1],
  ['a no', false],
  ['nothing', undefined],
])('email_verified as %s vouches for nothing', async (_name, email_verified) => {
  const answer = await loginAfter({ claims: { email_verified } });
  expect(answer).toMatchObject({ ok: true, identity: { emailVerified: false } });
});

test("a token that names its issuer by Google's short name is refused: one person would be two", async () => {
  expect(await loginAfter({ claims: { iss: 'accounts.google.com' } })).toMatchObject(refused('id_token.iss'));
});

test('a discovery document of another issuer is refused', async () => {
  rig.idp.next({ discovery: { json: { issuer: 'https://accounts.google.com.evil.example' } } });
  const fresh = { ...rig.connection, revision: 'other' };
  expect(await rig.connector.start(fresh, newWay(), {})).toMatchObject(refused('discovery.issuer'));
});

test('Google is asked for accounts of the one company, and for any company where several are let in', async () => {
  expect((await parametersOf({ tenant_domain: 'acme.example' })).get('hd')).toBe('acme.example');
  expect((await parametersOf({ domain: 'acme.example', domain_aliases: ['acme.example'] })).get('hd')).toBe(
    'acme.example',
  );
  expect((await parametersOf({ tenant_domain: 'acme.example', domain_aliases: ['b.example'] })).get('hd')).toBe('*');
  const upstream_params = { hd: { value: 'evil.example' }, access_type: { value: 'online' } };
  const asked = await parametersOf({ tenant_domain: 'acme.example', upstream_params });
  expect([asked.getAll('hd'), asked.get('access_type')]).toEqual([['acme.example'], 'online']);
});

test.each([{}, { tenant_domain: '' }, { tenant_domain: 'no domain', domain_aliases: 'acme.example' }])(
  'without a domain (%j) nobody is asked for',
  async (options) => {
    const connection = connectionWith({ client_id: 'c', ...options }, { strategy: 'google-apps', revision: 'none' });
    expect(await rig.connector.start(connection, newWay(), {})).toMatchObject(refused('connection.options'));
  },
);
