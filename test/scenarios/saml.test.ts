/**
 * A company that signs in by SAML, from end to end: invited, member, stranger; both bindings; encrypted and signed in each way; an answer
 * that nobody asked for. The identity provider is the package samlp.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CALLBACK, PEOPLE } from '../support/cast.js';
import { diffSnapshots } from '../support/database.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { certificateOf } from '../support/saml/certificates.js';
import { type SamlIdp, startSamlIdp } from '../support/saml/idp.js';
import { answerOf, useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
const NAME = 'beta-saml';
const POST = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST';
const people = { ...PEOPLE };
let idp: SamlIdp;
let organization: string;
let connection: string;
const api = <T = Json>(method: string, path: string, body?: unknown, expected?: number) =>
  stage.instance.api<T>(method, path, body, expected);
const setOptions = (options: Json) =>
  api('PATCH', `/connections/${connection}`, {
    options: { metadataUrl: idp.metadataUrl, domain_aliases: ['beta.example'], ...options },
  });

beforeAll(async () => {
  for (const name of ['ivy', 'dana', 'sam'])
    people[`${name}-b`] = { sub: `saml-${name}`, email: `${name}@beta.example`, name: `${name} Beta` };
  idp = await startSamlIdp(people);
  const made = await api('POST', '/connections', {
    name: NAME,
    strategy: 'samlp',
    display_name: 'Beta sign-in',
    options: { metadataUrl: idp.metadataUrl, domain_aliases: ['beta.example'] },
  });
  connection = made.id as string;
  expect(made).toMatchObject({ discovery: { status: 'ok', issuer: idp.entityId, signing_keys: 1 } });
  expect(made.options, 'the issuer is kept').toMatchObject({ issuer: idp.entityId });
  const beta = await api('POST', '/organizations', {
    name: 'beta',
    enabled_connections: [{ connection_id: stage.cast.databaseId }, { connection_id: connection }],
  });
  organization = beta.id as string;
  await api('POST', `/organizations/${organization}/discovery-domains`, { domain: 'beta.example', status: 'verified' });
});
afterAll(() => idp.stop());

/** From the page of the IdP through its answer, which the browser posts, to wherever that leads. */
async function atIdp(visitor: ReturnType<typeof stage.visitor>, page: Visit, login: string): Promise<Visit> {
  const at = page.forms.some(({ fields }) => 'SAMLRequest' in fields) ? await visitor.browser.submit(page) : page;
  const posting = await visitor.browser.submit(at, { login });
  return visitor.browser.submit(posting, {});
}

const signIn = async (login: string, email: string) => {
  const visitor = stage.visitor();
  const page = await visitor.type(await visitor.open({ organization }), email);
  return { visitor, answer: await atIdp(visitor, page, login) };
};

test('Ivy is invited and comes in: one user, one identity, one membership', async () => {
  const invitation = await stage.cast.invite('ivy@beta.example', {
    organizationId: organization,
    connectionId: connection,
  });
  const before = await stage.instance.snapshot();
  const ivy = stage.visitor();
  const page = await ivy.accept(invitation, { organization });
  const { claims } = await ivy.redeem(await atIdp(ivy, page, 'ivy-b'));
  expect(claims).toMatchObject({ sub: `samlp|${NAME}|saml-ivy`, org_id: organization, email: 'ivy@beta.example' });
  const changed = diffSnapshots(before, await stage.instance.snapshot());
  expect(changed.identities?.added).toMatchObject([
    { connection_id: connection, subject: 'saml-ivy', issuer: idp.entityId, bound_by: 'newcomer' },
  ]);
  expect(changed.members?.added).toMatchObject([{ via: 'invited' }]);
  const idpSession = { name: 'saml-ivy', index: '_session-ivy-b', issuedAt: expect.any(Number) };
  expect(changed.sessions?.added, 'what a logout at the identity provider needs').toMatchObject([
    { connection_id: connection, idp_session: idpSession },
  ]);
});

test('Sam is a stranger and leaves nothing', async () => {
  const before = await stage.instance.snapshot();
  const { answer } = await signIn('sam-b', 'sam@beta.example');
  expect(answerOf(answer)).toMatchObject({ error: 'access_denied' });
  expect((await stage.refusal(answer)).details.code).toBe('admit.not_a_member');
  await expectNothingLeft(stage.instance, before);
});

describe('Dana, a member with a password, keeps her seat', () => {
  let userId: string;
  beforeAll(async () => {
    userId = await stage.cast.createMember('dana@beta.example', { organizationId: organization });
  });
  const arrives = async () => {
    const { visitor, answer } = await signIn('dana-b', 'dana@beta.example');
    expect((await visitor.redeem(answer)).claims).toMatchObject({ sub: userId, org_id: organization });
  };

  test('by a redirect, with a signed assertion', arrives);

  test('by a post, with a signed request and a signed response', async () => {
    const metadata = await (await fetch(`${stage.instance.origin}/samlp/metadata?connection=${NAME}`)).text();
    const [, own = ''] = /<ds:X509Certificate>([^<]*)</.exec(metadata) ?? [];
    const pem = `-----BEGIN CERTIFICATE-----\n${own}\n-----END CERTIFICATE-----\n`;
    await setOptions({ protocolBinding: POST, signSAMLRequest: true });
    Object.assign(idp.settings, { requestsSignedBy: pem, signResponse: true, signAssertion: false });
    await arrives();
    Object.assign(idp.settings, { requestsSignedBy: certificateOf('other').cert });
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open({ organization }), 'dana@beta.example');
    const at = await visitor.browser.submit(page);
    expect((await visitor.browser.submit(at, { login: 'dana-b' })).status, 'the IdP checks the signature').toBe(400);
    Object.assign(idp.settings, { requestsSignedBy: pem, signAssertion: true, encryptFor: pem });
    await setOptions({ signSAMLRequest: true });
    await arrives();
    Object.assign(idp.settings, { requestsSignedBy: undefined, signResponse: false });
    await setOptions({});
    await arrives();
    Object.assign(idp.settings, { encryptFor: undefined });
  });

  test('while the IdP changes its certificate', async () => {
    const next = certificateOf('samlp-next');
    idp.settings.keys = [...idp.settings.keys, next];
    await setOptions({ debug: true });
    await arrives();
    idp.settings.keys = [next];
    await arrives();
  });

  test('an answer in another browser signs nobody in', async () => {
    const victim = stage.visitor();
    const attacker = stage.visitor();
    const page = await attacker.type(await attacker.open({ organization }), 'dana@beta.example');
    const posting = await attacker.browser.submit(page, { login: 'dana-b' });
    const before = await stage.instance.snapshot();
    const relayed = await victim.browser.submit(posting, {});
    expect((await victim.browser.submit(relayed, {})).status).toBe(400);
    await expectNothingLeft(stage.instance, before);
  });
});

describe('an answer that nobody asked for', () => {
  const acs = () => `${stage.instance.origin}/login/callback?connection=${NAME}`;
  const post = async (visitor: ReturnType<typeof stage.visitor>, changes: Json = {}, relayState?: string) => {
    const answer = await idp.answer('ivy-b', {
      assertionConsumerServiceURL: acs(),
      issuer: `urn:auth0:${new URL(stage.instance.origin).hostname}:${NAME}`,
      ...changes,
    });
    const body = new URLSearchParams({
      SAMLResponse: answer,
      ...(relayState !== undefined && { RelayState: relayState }),
    });
    return visitor.browser.request(acs(), { method: 'POST', body });
  };

  test('is refused unless the connection takes it', async () => {
    const before = await stage.instance.snapshot();
    const response = await post(stage.visitor());
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect((await stage.logs())[0]?.details.trace?.[0]?.evidence).toMatchObject({ check: 'saml.unsolicited' });
    await expectNothingLeft(stage.instance, before);
  });

  test('leads to the application, which begins a login; RelayState leads nowhere', async () => {
    await setOptions({ idpinitiated: { enabled: true, client_id: stage.cast.client.id, client_protocol: 'oidc' } });
    const before = await stage.instance.snapshot();
    const visitor = stage.visitor();
    const response = await post(visitor, {}, 'https://evil.example/');
    expect(response.headers.get('location')).toBe(
      `https://127.0.0.1:9/login?iss=${encodeURIComponent(`${stage.instance.origin}/`)}&connection=${NAME}`,
    );
    expect([...visitor.browser.cookies(new URL(stage.instance.origin).host).keys()]).toEqual([]);
    await expectNothingLeft(stage.instance, before);
  });

  test('leads to /authorize where the application has no address for it, and Ivy is in', async () => {
    const query = `organization=${organization}&redirect_uri=${encodeURIComponent(CALLBACK)}`;
    const idpinitiated = { enabled: true, client_id: stage.cast.client.id, client_authorizequery: query };
    await setOptions({ idpinitiated });
    await api('PATCH', `/clients/${stage.cast.client.id}`, { initiate_login_uri: '' });
    const visitor = stage.visitor();
    const response = await post(visitor);
    const page = await visitor.browser.visit(response.headers.get('location') ?? '');
    const answer = await atIdp(visitor, page, 'ivy-b');
    expect(answerOf(answer).code, wordsOf(answer)).toBeDefined();
  });

  test('a forged one leads nowhere', async () => {
    const before = await stage.instance.snapshot();
    const keys = idp.settings.keys;
    idp.settings.keys = [certificateOf('forger')];
    const response = await post(stage.visitor());
    idp.settings.keys = keys;
    expect([response.status, response.headers.get('location')]).toEqual([502, null]);
    await expectNothingLeft(stage.instance, before);
  });
});
