/**
 * Single logout by SAML from end to end, in both directions and by both bindings, with the package samlp as the identity provider; and what a
 * logout must never do: end the session of somebody else, lead anywhere that was not checked, or wait for the identity provider.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CALLBACK, PEOPLE } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { certificateOf } from '../support/saml/certificates.js';
import { type SamlIdp, startSamlIdp } from '../support/saml/idp.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
const NAME = 'gamma-saml';
const BYE = `${CALLBACK}?bye=1`;
const people = { ...PEOPLE };
let idp: SamlIdp;
let organization: string;
let connection: string;
const api = <T = Json>(method: string, path: string, body?: unknown, expected?: number) =>
  stage.instance.api<T>(method, path, body, expected);
const setOptions = (options: Json) =>
  api('PATCH', `/connections/${connection}`, { options: { metadataUrl: idp.metadataUrl, ...options } });

type Visitor = ReturnType<typeof stage.visitor>;
const BINDINGS = ['HTTP-Redirect', 'HTTP-POST'] as const;
const ofBinding = (name: string) => `urn:oasis:names:tc:SAML:2.0:bindings:${name}`;

beforeAll(async () => {
  for (const name of ['dana', 'uma'])
    people[`${name}-g`] = { sub: `saml-${name}`, email: `${name}@gamma.example`, name: `${name} Gamma` };
  idp = await startSamlIdp(people, { signOutBy: 'HTTP-Redirect' });
  const options = { metadataUrl: idp.metadataUrl };
  connection = (await api('POST', '/connections', { name: NAME, strategy: 'samlp', options })).id as string;
  const enabled = [{ connection_id: connection, assign_membership_on_login: true }];
  organization = (await api('POST', '/organizations', { name: 'gamma', enabled_connections: enabled })).id as string;
  const metadata = await (await fetch(`${stage.instance.origin}/samlp/metadata?connection=${NAME}`)).text();
  const [, own = ''] = /<ds:X509Certificate>([^<]*)</.exec(metadata) ?? [];
  idp.settings.logoutSignedBy = `-----BEGIN CERTIFICATE-----\n${own}\n-----END CERTIFICATE-----\n`;
  const [service, another] = [...metadata.matchAll(/<md:SingleLogoutService Binding="[^"]*" Location="([^"]*)"/g)];
  // The browser of these tests stops in front of this address.
  await api('PATCH', `/clients/${stage.cast.client.id}`, { allowed_logout_urls: [CALLBACK] });
  expect([service?.[1], another?.[1]]).toEqual([`${stage.instance.origin}/logout`, `${stage.instance.origin}/logout`]);
});
afterAll(() => idp.stop());
beforeEach(async () => {
  idp.participants.length = 0;
  idp.settings.signOutBy = 'HTTP-Redirect';
  await setOptions({ debug: true });
});

const signIn = async (login: string): Promise<Visitor> => {
  const visitor = stage.visitor();
  const page = await visitor.open({ organization, connection: NAME, scope: 'openid offline_access' });
  const at = page.forms.some(({ fields }) => 'SAMLRequest' in fields) ? await visitor.browser.submit(page) : page;
  await visitor.redeem(await visitor.browser.submit(await visitor.browser.submit(at, { login }), {}));
  return visitor;
};

/** Signed in still: an application gets a code without a question. */
const isIn = async (visitor: Visitor): Promise<boolean> => {
  const answer = await visitor.open({ organization, prompt: 'none' });
  return answer.url.searchParams.has('code');
};

/** Through the pages of the two servers, whose forms a browser posts by itself. */
const goOn = async (visitor: Visitor, page: Visit): Promise<Visit> => {
  let at = page;
  while (at.forms.some(({ fields }) => 'SAMLRequest' in fields || 'SAMLResponse' in fields))
    at = await visitor.browser.submit(at, {});
  return at;
};

const logout = (visitor: Visitor, path = '/v2/logout', query: Record<string, string> = {}) => {
  const whole = new URLSearchParams({ client_id: stage.cast.client.id, federated: '', ...query });
  return visitor.browser.visit(`${stage.instance.origin}${path}?${whole}`);
};

const sessions = async () => (await stage.instance.snapshot()).sessions ?? [];
/** The request of the identity provider that a person has signed out there, as the browser brings it. */
const atIdp = async (visitor: Visitor): Promise<Visit> => goOn(visitor, await visitor.browser.visit(idp.sloUrl));

describe('a person signs out here', () => {
  test.each(BINDINGS)('by %s, and at the identity provider; its answer leads to returnTo', async (name) => {
    idp.settings.signOutBy = name;
    await setOptions({ protocolBinding: ofBinding(name) });
    const dana = await signIn('dana-g');
    expect([await isIn(dana), idp.participants.length]).toEqual([true, 1]);
    const end = await goOn(dana, await logout(dana, '/v2/logout', { returnTo: BYE }));
    expect([end.url.href, idp.participants, await isIn(dana)]).toEqual([BYE, [], false]);
    expect([...dana.browser.cookies(new URL(stage.instance.origin).host).keys()]).toEqual([]);
  });

  test('by /oidc/logout with federated', async () => {
    const visitor = stage.visitor();
    const page = await visitor.open({ organization, connection: NAME });
    const { idToken } = await visitor.redeem(
      await visitor.browser.submit(await visitor.browser.submit(page, { login: 'dana-g' }), {}),
    );
    const query = { id_token_hint: idToken, post_logout_redirect_uri: CALLBACK, state: 's' };
    const end = await goOn(visitor, await logout(visitor, '/oidc/logout', query));
    expect([end.url.href, idp.participants]).toEqual([`${CALLBACK}?state=s`, []]);
  });

  test('without federated, and with disableSignout, the session at the identity provider stays', async () => {
    const dana = await signIn('dana-g');
    const plain = new URLSearchParams({ client_id: stage.cast.client.id, returnTo: BYE });
    const end = await dana.browser.visit(`${stage.instance.origin}/v2/logout?${plain}`);
    expect([end.url.href, idp.participants.length, await isIn(dana)]).toEqual([BYE, 1, false]);
    await setOptions({ disableSignout: true });
    const uma = await signIn('uma-g');
    expect((await logout(uma, '/v2/logout', { returnTo: BYE })).url.href).toBe(BYE);
    expect(idp.participants).toHaveLength(2);
  });

  test('and is out although the identity provider never answers', async () => {
    const dana = await signIn('dana-g');
    const query = new URLSearchParams({ client_id: stage.cast.client.id, federated: '', returnTo: BYE });
    const sent = await dana.browser.request(`${stage.instance.origin}/v2/logout?${query}`);
    expect(sent.headers.get('location')).toContain(`${idp.sloUrl}?SAMLRequest=`);
    expect([await isIn(dana), idp.participants.length]).toEqual([false, 1]);
  });

  test('attack: an answer that is not the one leads nowhere, and the person is told that they are out', async () => {
    const dana = await signIn('dana-g');
    const keys = idp.settings.keys;
    idp.settings.keys = [certificateOf('forger')];
    const end = await goOn(dana, await logout(dana, '/v2/logout', { returnTo: BYE }));
    idp.settings.keys = keys;
    expect([end.status, end.url.pathname]).toEqual([400, '/logout']);
    expect(end.text).toContain('You are signed out here');
    expect(await isIn(dana)).toBe(false);
  });

  test('attack: an answer that no request of this browser belongs to; RelayState leads nowhere', async () => {
    const victim = await signIn('uma-g');
    const dana = await signIn('dana-g');
    const query = new URLSearchParams({ client_id: stage.cast.client.id, federated: '', returnTo: BYE });
    const sent = await dana.browser.request(`${stage.instance.origin}/v2/logout?${query}`);
    const answer = await dana.browser.request(sent.headers.get('location') ?? '');
    const stolen = `${answer.headers.get('location')}&RelayState=${encodeURIComponent('https://evil.example/')}`;
    const page = await victim.browser.visit(stolen);
    expect([page.status, page.url.pathname, await isIn(victim)]).toEqual([400, '/logout', true]);
    await logout(victim, '/v2/logout', { returnTo: BYE }).catch(() => undefined);
  });
});

describe('a person signs out at the identity provider', () => {
  test.each(BINDINGS)(
    'by %s: the sessions end here with their refresh tokens, and nothing else changes',
    async (name) => {
      idp.settings.signOutBy = name;
      await setOptions({ protocolBinding: ofBinding(name) });
      // One index for all: only the name tells the two apart.
      idp.settings.sessionIndex = '_shared';
      const uma = await signIn('uma-g');
      const dana = await signIn('dana-g');
      delete idp.settings.sessionIndex;
      idp.participants.splice(0, 1);
      const before = await stage.instance.snapshot();
      const end = await atIdp(dana);
      expect(end.text, 'the identity provider takes our answer').toBe('200');
      const changed = diffSnapshots(before, await stage.instance.snapshot());
      expect(Object.keys(changed).sort()).toEqual(['logs', 'refresh_tokens', 'sessions']);
      expect(changed.sessions).toMatchObject({ added: [], removed: [{ connection_id: connection }] });
      expect(changed.logs?.added).toMatchObject([{ type: 'slo', connection_id: connection }]);
      expect(changed.refresh_tokens).toMatchObject({
        removed: [{ revoked_at: null }],
        added: [{ revoked_at: expect.any(String) }],
      });
      expect([await isIn(dana), await isIn(uma)]).toEqual([false, true]);
    },
  );

  test('a request that comes again ends no session that began since', async () => {
    const dana = await signIn('dana-g');
    const asked = await dana.browser.request(idp.sloUrl);
    const request = asked.headers.get('location') ?? '';
    expect((await dana.browser.request(request)).status).toBe(302);
    expect(await isIn(dana)).toBe(false);
    const again = await signIn('dana-g');
    const replayed = await again.browser.request(request);
    expect(replayed.headers.get('location'), 'answered like the first').toContain('SAMLResponse=');
    expect(await isIn(again)).toBe(true);
  });

  test('attack: another connection asks for a subject of this one', async () => {
    const dana = await signIn('dana-g');
    const other = await startSamlIdp(people, { signOutBy: 'HTTP-Redirect', keys: [certificateOf('other')] });
    await api('POST', '/connections', {
      name: 'delta-saml',
      strategy: 'samlp',
      options: { metadataUrl: other.metadataUrl },
    });
    other.participants.push(...idp.participants);
    const asked = await dana.browser.request(other.sloUrl);
    const answer = await dana.browser.request(asked.headers.get('location') ?? '');
    expect(answer.headers.get('location'), 'it is answered as if there were nobody').toContain('SAMLResponse=');
    expect(await isIn(dana)).toBe(true);
    await other.stop();
  });

  test('attack: a request that somebody else signed, and one of nobody: the same page, and nothing ends', async () => {
    const dana = await signIn('dana-g');
    const before = await sessions();
    const keys = idp.settings.keys;
    idp.settings.keys = [certificateOf('forger')];
    const asked = await dana.browser.request(idp.sloUrl);
    idp.settings.keys = keys;
    const pages = [
      await dana.browser.visit(asked.headers.get('location') ?? ''),
      await dana.browser.visit(`${stage.instance.origin}/logout`),
      await dana.browser.visit(`${stage.instance.origin}/logout?SAMLRequest=x`),
    ].map(({ status, text }) => [status, text.replace(/nonce="[^"]*"|[A-Z0-9]{4}-[A-Z0-9]{4}[A-Z0-9-]*/g, '')]);
    expect(pages[0]?.[0]).toBe(400);
    expect(pages.map(([status]) => status)).toEqual([400, 400, 400]);
    expect(await sessions()).toEqual(before);
  });
});
