/**
 * The set-up by a customer at Entra, Google and Okta, whose addresses and tokens differ from OpenID Connect as it is written: from the ticket
 * to a sign-in, and a try with an account of another company.
 */
import { beforeAll, expect, test } from 'vitest';
import { Administrator } from '../support/administrator.js';
import { asEntraWrites, guidOf } from '../support/providers.js';
import { type Person, type ScriptedIdpOptions, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
let profile: string;
beforeAll(async () => {
  profile = (await stage.instance.api('POST', '/self-service-profiles', { name: 'customers' })).id as string;
});

interface Row {
  readonly provider: string;
  readonly idp: Pick<ScriptedIdpOptions, 'publicUrl' | 'speak'>;
  readonly typed: Readonly<Record<string, string>>;
  /** Claims of another company's account, and what the page says of it; Okta's address is one company's. */
  readonly foreign?: { readonly claims: Readonly<Record<string, unknown>>; readonly says: string };
}

const EVIL = guidOf('evil');
const ROWS: readonly Row[] = [
  {
    provider: 'waad',
    idp: {
      publicUrl: `https://login.microsoftonline.com/${guidOf('entra')}/v2.0`,
      speak: asEntraWrites(guidOf('entra')),
    },
    typed: { tenantId: guidOf('entra') },
    foreign: {
      claims: { tid: EVIL, iss: `https://login.microsoftonline.com/${EVIL}/v2.0` },
      says: 'another directory',
    },
  },
  {
    provider: 'google-apps',
    idp: { publicUrl: 'https://accounts.google.com', speak: (person) => ({ ...person, hd: 'google-apps.example' }) },
    typed: { tenant_domain: 'google-apps.example' },
    foreign: { claims: { hd: 'evil.example' }, says: 'another Google Workspace' },
  },
  { provider: 'okta', idp: { publicUrl: 'https://acme.okta.example' }, typed: { domain: 'acme.okta.example' } },
];

/** An organization with one member, and the administrator with a ticket for it. */
async function begin(provider: string, email: string) {
  const { api } = stage.instance;
  const organization = (await api('POST', '/organizations', { name: provider, display_name: provider })).id as string;
  const members = [await stage.cast.createUser(email)];
  await api('POST', `/organizations/${organization}/members`, { members });
  const { ticket } = await api('POST', `/self-service-profiles/${profile}/sso-ticket`, {
    connection_config: { name: `${provider}-own` },
    enabled_organizations: [{ organization_id: organization }],
  });
  await api('POST', `/organizations/${organization}/discovery-domains`, {
    domain: `${provider}.example`,
    status: 'verified',
  });
  const admin = new Administrator(() => stage.instance.origin);
  await admin.open(ticket as string);
  await admin.send('provider', { provider });
  return { admin, organization };
}

test.each(ROWS)('$provider: from the ticket to a sign-in', async ({ provider, idp: role, typed, foreign }) => {
  const email = `ann@${provider}.example`;
  const people: Record<string, Person> = { ann: { sub: 'ann', email, email_verified: true } };
  const idp = await startScriptedIdp({ people, ...role });
  const { admin, organization } = await begin(provider, email);
  const client = { client_id: idp.clientId, client_secret: idp.clientSecret };
  const saved = await admin.send('connection', { ...typed, ...client });
  expect(saved.url.pathname, wordsOf(saved)).toBe('/self-service/setup/domains');
  if (foreign !== undefined) {
    idp.next({ claims: foreign.claims });
    expect(wordsOf(await admin.tryAs('ann'))).toContain(foreign.says);
    expect(wordsOf(await admin.send('switch', { to: 'all', pilot: '' }))).toContain('Nobody has tried');
  }
  expect(wordsOf(await admin.tryAs('ann'))).toContain('you can sign in once it is switched on');
  expect(wordsOf(await admin.send('switch', { to: 'all', pilot: '' }))).toContain('Switched on for everybody.');
  const visitor = stage.visitor();
  const answer = await visitor.signInAtIdp(await visitor.open({ organization }), 'ann');
  expect(answer.url.searchParams.get('code'), wordsOf(answer)).not.toBeNull();
  await idp.stop();
});

test('the domain of a Google Workspace, typed with its settings, is offered for proof', async () => {
  const { api } = stage.instance;
  const idp = await startScriptedIdp({ people: {}, publicUrl: 'https://accounts.google.com' });
  const organization = (await api('POST', '/organizations', { name: 'workspace' })).id as string;
  const { ticket } = await api('POST', `/self-service-profiles/${profile}/sso-ticket`, {
    connection_config: { name: 'workspace-own' },
    enabled_organizations: [{ organization_id: organization }],
  });
  const admin = new Administrator(() => stage.instance.origin);
  await admin.open(ticket as string);
  await admin.send('provider', { provider: 'google-apps' });
  const client = { client_id: idp.clientId, client_secret: idp.clientSecret };
  const domains = await admin.send('connection', { tenant_domain: 'workspace.example', ...client });
  expect(domains.url.pathname, wordsOf(domains)).toBe('/self-service/setup/domains');
  expect(domains.text).toContain('value="workspace.example"');
  await idp.stop();
});
