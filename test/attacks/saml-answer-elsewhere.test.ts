/**
 * Attacks with a genuine answer of a SAML identity provider, through the server: posted twice, with an address as RelayState, to another
 * connection, as if nobody had asked for it. Each leads nowhere and leaves nothing.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PEOPLE } from '../support/cast.js';
import type { HttpBrowser, Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { expectNothingLeft } from '../support/nothing-left.js';
import { type SamlIdp, startSamlIdp } from '../support/saml/idp.js';
import { answerOf, useStage } from '../support/stage.js';

const stage = useStage();
let idp: SamlIdp;
let organization: string;

async function connect(name: string): Promise<string> {
  const idpinitiated = { enabled: true, client_id: stage.cast.client.id, client_protocol: 'oidc' };
  const made = await stage.instance.api<Json>('POST', '/connections', {
    name,
    strategy: 'samlp',
    options: { metadataUrl: idp.metadataUrl, domain_aliases: [`${name}.example`], idpinitiated },
  });
  return made.id as string;
}

beforeAll(async () => {
  idp = await startSamlIdp({
    ...PEOPLE,
    dana: { sub: 'saml-dana', email: 'dana@beta.example', name: 'Dana Beta' },
  });
  const [beta] = [await connect('beta'), await connect('gamma')];
  const made = await stage.instance.api<Json>('POST', '/organizations', {
    name: 'beta',
    enabled_connections: [{ connection_id: stage.cast.databaseId }, { connection_id: beta }],
  });
  organization = made.id as string;
  const domain = { domain: 'beta.example', status: 'verified' };
  await stage.instance.api('POST', `/organizations/${organization}/discovery-domains`, domain);
  await stage.cast.createMember('dana@beta.example', { organizationId: organization });
});
afterAll(() => idp.stop());

/** The page by which Dana's browser posts the answer of the IdP; nothing is posted yet. */
async function answered(): Promise<{ readonly browser: HttpBrowser; readonly posting: Visit }> {
  const visitor = stage.visitor();
  const page = await visitor.type(await visitor.open({ organization }), 'dana@beta.example');
  return { browser: visitor.browser, posting: await visitor.browser.submit(page, { login: 'dana' }) };
}

/** Posts the answer, and once more where the server has the browser post it again from its own page. */
async function post(browser: HttpBrowser, posting: Visit, changes: Record<string, string> = {}): Promise<Visit> {
  const visit = await browser.submit(posting, changes);
  return visit.forms.some(({ fields }) => 'SAMLResponse' in fields) ? browser.submit(visit) : visit;
}

function expectNobody({ status, url }: Visit): void {
  expect([status >= 400 || url.searchParams.has('error'), url.searchParams.has('code')]).toEqual([true, false]);
  expect(url.href).not.toContain('evil.example');
}

test('case=replayed: the same answer counts once, also with the cookies of before', async () => {
  const { browser, posting } = await answered();
  const before = browser.clone();
  expect(answerOf(await post(browser, posting)).code).toBeDefined();
  const state = await stage.instance.snapshot();
  expectNobody(await post(browser, posting));
  expectNobody(await post(before, posting));
  expectNobody(await post(stage.visitor().browser, posting));
  await expectNothingLeft(stage.instance, state);
});

test('case=relay-state-is-an-address: it is never followed', async () => {
  const before = await stage.instance.snapshot();
  for (const RelayState of ['https://evil.example/', '//evil.example', 'javascript:alert(1)', '']) {
    const { browser, posting } = await answered();
    expectNobody(await post(browser, posting, { RelayState }));
  }
  await expectNothingLeft(stage.instance, before);
});

test('case=as-if-unsolicited: an answer to a request is none that nobody asked for', async () => {
  const before = await stage.instance.snapshot();
  const { posting } = await answered();
  expectNobody(await post(stage.visitor().browser, posting, { RelayState: '' }));
  expect((await stage.logs())[0]?.details.trace?.[0]?.evidence).toMatchObject({ check: 'saml.in_response_to' });
  await expectNothingLeft(stage.instance, before);
});

test('case=another-connection: an answer for one connection is none for the other, under the same IdP', async () => {
  const before = await stage.instance.snapshot();
  const acs = `${stage.instance.origin}/login/callback?connection=beta`;
  const issuer = `urn:auth0:${new URL(stage.instance.origin).hostname}:beta`;
  const SAMLResponse = await idp.answer('dana', { assertionConsumerServiceURL: acs, issuer });
  const address = acs.replace('beta', 'gamma');
  const { browser } = stage.visitor();
  const response = await browser.request(address, { method: 'POST', body: new URLSearchParams({ SAMLResponse }) });
  expect([response.status, response.headers.get('location')]).toEqual([400, null]);
  expect((await stage.logs())[0]?.details.trace?.[0]?.evidence).toMatchObject({ check: 'saml.other_connection' });
  await expectNothingLeft(stage.instance, before);
});
