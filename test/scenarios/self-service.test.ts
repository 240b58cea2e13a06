/**
 * A customer's administrator sets up their sign-in with a ticket alone: chooses the provider, proves the domain, tries a sign-in that
 * writes nothing, switches on for a pilot group, for all, and back.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Administrator, settingsOf } from '../support/administrator.js';
import { diffSnapshots } from '../support/database.js';
import type { Visit } from '../support/http-browser.js';
import type { Json } from '../support/instance.js';
import { type SamlIdp, startSamlIdp } from '../support/saml/idp.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage, wordsOf } from '../support/stage.js';
import { startTextNameServer, type TextNameServer, txt } from '../support/text-name-server.js';

const DOMAIN = 'beta.example';
const PEOPLE: Record<string, { sub: string; email?: string; email_verified?: boolean }> = {
  ann: { sub: 'idp-ann', email: `ann@${DOMAIN}`, email_verified: true },
  ben: { sub: 'idp-ben', email: `ben@${DOMAIN}`, email_verified: true },
  eve: { sub: 'idp-eve', email: 'dana@acme.example', email_verified: true },
  nix: { sub: 'idp-nix' },
};

const names: TextNameServer = await startTextNameServer();
const stage = useStage({ environment: { VESTIBULE_DNS_SERVERS: names.address } });
let idp: ScriptedIdp;
let beta: string;
let profile: string;

beforeAll(async () => {
  idp = await startScriptedIdp({ people: PEOPLE });
  const { api } = stage.instance;
  const enabled_connections = [{ connection_id: stage.cast.databaseId, assign_membership_on_login: false }];
  beta = (await api('POST', '/organizations', { name: 'beta', display_name: 'Beta', enabled_connections }))
    .id as string;
  profile = (await api('POST', '/self-service-profiles', { name: 'customers' })).id as string;
  for (const email of [`ann@${DOMAIN}`, `ben@${DOMAIN}`]) {
    const user = await stage.cast.createUser(email);
    await api('POST', `/organizations/${beta}/members`, { members: [user] });
  }
});
afterAll(async () => {
  await idp?.stop();
  await names.stop();
});

async function newTicket(changes: Record<string, unknown> = {}): Promise<string> {
  const { ticket } = await stage.instance.api('POST', `/self-service-profiles/${profile}/sso-ticket`, {
    connection_config: { name: 'beta-own' },
    enabled_organizations: [{ organization_id: beta }],
    domain_aliases_config: { domain_verification: 'required', pending_domains: [DOMAIN] },
    ...changes,
  });
  return ticket as string;
}

const newAdministrator = () => new Administrator(() => stage.instance.origin);
const settings = (changes: Record<string, string> = {}) => settingsOf(idp, changes);

async function routedTo(email: string): Promise<string> {
  const visitor = stage.visitor();
  const page = await visitor.open({ organization: beta });
  return (await visitor.type(page, email)).url.host;
}

describe('with the ticket alone', () => {
  const admin = newAdministrator();

  test('from the link to the pilot group, to everybody, and back', async () => {
    const first = await admin.open(await newTicket());
    expect(first.url.pathname).toBe('/self-service/setup/provider');
    expect(first.url.search).toBe('');
    expect(wordsOf(first)).toContain('Which provider');
    const connection = await admin.send('provider', { provider: 'oidc' });
    expect(wordsOf(connection)).toContain(`${stage.instance.origin}/login/callback`);

    const wrong = await admin.send('connection', settings({ discovery_url: `${idp.issuer}/elsewhere` }));
    expect([wrong.status, wordsOf(wrong)]).toEqual([
      400,
      expect.stringContaining('description of an OpenID Connect provider'),
    ]);
    const domains = await admin.send('connection', settings());
    expect(domains.url.pathname).toBe('/self-service/setup/domains');
    expect(domains.text).toContain(`value="${DOMAIN}"`);

    const added = await admin.send('domains', { action: 'add', domain: DOMAIN });
    const check = /value="(check:[^"]+)"/.exec(added.text)?.[1] ?? '';
    names.answer(() => ({ code: 3 }));
    const absent = await admin.send('domains', { action: check });
    expect([absent.status, wordsOf(absent)]).toEqual([400, expect.stringContaining('does not exist')]);
    const { domains: listed } = await stage.instance.api<{
      domains: { verification_host: string; verification_txt: string }[];
    }>('GET', `/organizations/${beta}/discovery-domains`);
    const [record] = listed;
    names.answer((name) => ({ records: [txt(name, record?.verification_txt ?? '')] }));
    expect(wordsOf(await admin.send('domains', { action: check }))).toContain(`${DOMAIN} is verified.`);

    const early = await admin.send('switch', { to: 'all', pilot: '' });
    expect([early.status, wordsOf(early)]).toEqual([400, expect.stringContaining('Nobody has tried a sign-in')]);
    expect(await routedTo(`ann@${DOMAIN}`)).toBe(new URL(stage.instance.origin).host);

    const before = await stage.instance.snapshot();
    const tried = await admin.tryAs('ann');
    expect(wordsOf(tried)).toContain(
      'The connection works, and you can sign in once it is switched on. You are a member: you keep the account that you have.',
    );
    expect(wordsOf(tried)).toContain('idp-ann');
    const changed = diffSnapshots(before, await stage.instance.snapshot());
    expect(Object.keys(changed).sort()).toEqual(['attempt_counters', 'connection_setups', 'logs']);

    const pilot = await admin.send('switch', { to: 'pilot', pilot: `ann@${DOMAIN}\n` });
    expect(wordsOf(pilot)).toContain('Switched on for the pilot group.');
    expect(await routedTo(`ann@${DOMAIN}`)).toBe(new URL(idp.issuer).host);
    expect(await routedTo(`ben@${DOMAIN}`)).toBe(new URL(stage.instance.origin).host);

    expect(wordsOf(await admin.send('switch', { to: 'all', pilot: '' }))).toContain('Switched on for everybody.');
    expect(await routedTo(`ben@${DOMAIN}`)).toBe(new URL(idp.issuer).host);
    const off = await admin.send('switch', { to: 'off', pilot: '' });
    expect(wordsOf(off)).toContain('Switched off.');
    expect(off.text, 'a second press of the button switches nothing on').toMatch(/value="off" checked/);
    expect(wordsOf(off), 'its settings stay').toContain('Connection (done)');
    expect(await routedTo(`ann@${DOMAIN}`)).toBe(new URL(stage.instance.origin).host);
    // The operator's settings of the connection stay, and the tried settings are good for the next time.
    const path = `/organizations/${beta}/connections`;
    const [own] = (await stage.instance.api<Json[]>('GET', path)).filter((item) => item.is_enabled === false);
    await stage.instance.api('PATCH', `${path}/${own?.connection_id}`, { auto_membership_condition: 'false' });
    expect(wordsOf(await admin.send('switch', { to: 'all', pilot: '' }))).toContain('Switched on for everybody.');
    expect(await stage.instance.api('GET', `${path}/${own?.connection_id}`)).toMatchObject({
      is_enabled: true,
      auto_membership_condition: 'false',
    });
    expect(wordsOf(await admin.send('switch', { to: 'off', pilot: '' }))).toContain('Switched off.');
    expect(await stage.instance.api('GET', `${path}/${own?.connection_id}`)).toMatchObject({
      is_enabled: false,
      auto_membership_condition: 'false',
    });
  });

  test('a connection that another organization uses by now is not changed', async () => {
    const { api } = stage.instance;
    const [own] = (await api<Json[]>('GET', `/organizations/${beta}/connections`)).filter(
      (item) => item.is_enabled === false,
    );
    const other = await api('POST', '/organizations', { name: 'gamma', display_name: 'Gamma' });
    const shared = `/organizations/${other.id}/enabled_connections`;
    await api('POST', shared, { connection_id: own?.connection_id });
    const refused = await admin.send('switch', { to: 'all', pilot: '' });
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('Another organization uses')]);
    await api('DELETE', `${shared}/${own?.connection_id}`);
  });

  test('settings in use change only after they were tried', async () => {
    await admin.send('connection', settings());
    await admin.tryAs('ann');
    await admin.send('switch', { to: 'all', pilot: '' });
    const { enabled_connections: _, ...rest } = await stage.instance.api('GET', `/organizations/${beta}`);
    expect(rest.id).toBe(beta);
    await admin.send('connection', settings({ client_secret: 'a-wrong-secret-of-nobody' }));
    const refused = await admin.send('switch', { to: 'all', pilot: '' });
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('Nobody has tried')]);
    const failed = await admin.tryAs('ann');
    expect([failed.status, wordsOf(failed)]).toEqual([
      400,
      expect.stringContaining('did not accept the client ID or the secret'),
    ]);
    expect(await routedTo(`ann@${DOMAIN}`)).toBe(new URL(idp.issuer).host);
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open({ organization: beta }), `ann@${DOMAIN}`);
    const answer = await visitor.signInAtIdp(page, 'ann');
    expect(answer.url.searchParams.get('code'), wordsOf(answer)).not.toBeNull();
    await admin.send('switch', { to: 'off', pilot: '' });
  });

  test('a typed secret stays where it was typed for: with another address it has to be typed again', async () => {
    const again = await admin.send('connection', settings());
    expect(again.url.pathname).toBe('/self-service/setup/domains');
    const shown = await admin.at('connection');
    expect(shown.text).toContain(`value="${idp.clientId}"`);
    expect(shown.text).not.toContain(idp.clientSecret);
    const kept = await admin.send('connection', settings({ client_secret: '' }));
    expect(kept.url.pathname).toBe('/self-service/setup/domains');
    const elsewhere = settings({ client_secret: '', discovery_url: `${idp.issuer}/other` });
    const asked = await admin.send('connection', elsewhere);
    expect([asked.status, wordsOf(asked)]).toEqual([400, expect.stringContaining('Type the Client secret.')]);
  });

  test('settings that were typed anew since the page was drawn are not put into use', async () => {
    await admin.send('connection', settings());
    await admin.tryAs('ann');
    await admin.send('connection', settings({ client_secret: 'typed-in-another-window' }));
    const refused = await admin.send('switch', { to: 'all', pilot: '' });
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('Nobody has tried')]);
  });

  test('a domain that the operator vouched for is the operator’s to take away', async () => {
    const path = `/organizations/${beta}/discovery-domains`;
    const { id } = await stage.instance.api('POST', path, { domain: 'beta.test', status: 'verified' });
    const refused = await admin.send('domains', { action: `remove:${id}` });
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('was confirmed for you')]);
    expect((await stage.instance.api('GET', `${path}/${id}`)).status).toBe('verified');
    await stage.instance.api('DELETE', `${path}/${id}`);
  });

  test('the try says no more about another company’s account than a sign-in would', async () => {
    await admin.send('connection', settings());
    const known = wordsOf(await admin.tryAs('eve'));
    expect(known).toContain('Whether you could sign in is shown here to members');
    expect(known).not.toContain('auth0|');
    // Nor whether another company has proved the domain.
    PEOPLE.far = { sub: 'idp-far', email: 'somebody@of-nobody.example', email_verified: true };
    const far = wordsOf(await admin.tryAs('far'));
    expect(far.replaceAll('somebody@of-nobody.example', '…').replaceAll('idp-far', '…')).toBe(
      known.replaceAll('dana@acme.example', '…').replaceAll('idp-eve', '…'),
    );
    PEOPLE.new = { sub: 'idp-new', email: 'nobody-at-all@acme.example', email_verified: true };
    const unknown = wordsOf(await admin.tryAs('new'));
    expect(unknown.replaceAll('nobody-at-all@acme.example', '…').replaceAll('idp-new', '…')).toBe(
      known.replaceAll('dana@acme.example', '…').replaceAll('idp-eve', '…'),
    );
  });

  test('without an address the try is not passed', async () => {
    await admin.send('connection', settings());
    const words = wordsOf(await admin.tryAs('nix'));
    expect(words).toContain('does not send email');
    expect(wordsOf(await admin.send('switch', { to: 'all', pilot: '' }))).toContain('Nobody has tried');
  });
});

test('a domain in the settings of the connection is offered for proof', async () => {
  const admin = newAdministrator();
  const { api } = stage.instance;
  const { id } = await api('POST', '/connections', {
    name: 'gamma-own',
    strategy: 'oidc',
    options: {
      type: 'back_channel',
      issuer: idp.issuer,
      client_id: idp.clientId,
      client_secret: idp.clientSecret,
      domain_aliases: ['gamma.example'],
    },
  });
  const gamma = (await api('POST', '/organizations', { name: 'gamma-own', display_name: 'Gamma' })).id as string;
  const { ticket } = await api('POST', `/self-service-profiles/${profile}/sso-ticket`, {
    connection_id: id,
    enabled_organizations: [{ organization_id: gamma }],
  });
  await admin.open(ticket as string);
  await admin.send('provider', { provider: 'oidc' });
  const offered = await admin.send('connection', settings());
  expect(offered.text).toContain('value="gamma.example"');
  const added = await admin.send('domains', { action: 'add', domain: 'gamma.example' });
  expect(wordsOf(added)).toContain('gamma.example was added.');
  expect(added.text).not.toContain('value="gamma.example"');
});

describe('over SAML', () => {
  const admin = newAdministrator();
  let saml: SamlIdp;
  beforeAll(async () => {
    saml = await startSamlIdp({ zoe: { sub: 'saml-zoe', email: `zoe@${DOMAIN}`, name: 'Zoe' } });
  });
  afterAll(() => saml?.stop());

  /** The browser posts the answer of the provider. */
  async function tryAsZoe(): Promise<Visit> {
    const left = await admin.send('try', { action: 'start' });
    const page = left.forms.some(({ fields }) => 'SAMLRequest' in fields) ? await admin.browser.submit(left) : left;
    return admin.browser.submit(await admin.browser.submit(page, { login: 'zoe' }), {});
  }

  test('metadata by address, a try, everybody', async () => {
    const domain_aliases_config = { domain_verification: 'none' };
    await admin.open(await newTicket({ connection_config: { name: 'beta-saml' }, domain_aliases_config }));
    const page = await admin.send('provider', { provider: 'samlp' });
    const { origin } = stage.instance;
    expect(wordsOf(page)).toContain(`${origin}/login/callback?connection=beta-saml`);
    const metadata = await fetch(`${origin}/samlp/metadata?connection=beta-saml`);
    // Typing the values by hand has the same result as taking the document over.
    const [, entityId = '?'] = / entityID="([^"]+)"/.exec(await metadata.text()) ?? [];
    expect(wordsOf(page)).toContain(`Entity ID (audience) ${entityId} `);
    const wrong = await admin.send('connection', { metadataUrl: `${saml.metadataUrl}/elsewhere`, metadataXml: '' });
    expect(wrong.status).toBe(400);
    const next = await admin.send('connection', { metadataUrl: saml.metadataUrl, metadataXml: '' });
    expect(next.url.pathname, wordsOf(next)).toBe('/self-service/setup/try');
    const tried = wordsOf(await tryAsZoe());
    expect(tried).toContain('The connection works. You are not a member yet. To sign in, you need an invitation');
    expect(tried).toContain(`zoe@${DOMAIN}`);
    expect(wordsOf(await admin.send('switch', { to: 'all', pilot: '' }))).toContain('Switched on for everybody.');
    const { connections } = await stage.instance.api<{ connections: Json[] }>(
      'GET',
      '/connections?name=beta-saml&take=5',
    );
    expect(connections[0]?.options).toMatchObject({ issuer: saml.entityId, metadataUrl: saml.metadataUrl });
  });
});

describe('a ticket', () => {
  test('revoked, cut, guessed or absent opens nothing, and says the same', async () => {
    const ticket = await newTicket({ connection_config: { name: 'beta-other' } });
    const admin = newAdministrator();
    await admin.open(ticket);
    expect((await admin.at('provider')).status).toBe(200);
    const id = /ticket=(sst_\w+)/.exec(ticket)?.[1];
    await stage.instance.api('POST', `/self-service-profiles/${profile}/sso-ticket/${id}/revoke`, {});
    const ended = await admin.at('provider');
    const live = await newTicket({ connection_config: { name: 'beta-sixth' } });
    const guessed = live.replace(/\.[\w-]{43}$/, `.${'A'.repeat(43)}`);
    const seen = [
      ended,
      await admin.open(ticket),
      await admin.open(ticket.slice(0, -1)),
      await newAdministrator().open(guessed),
      await newAdministrator().at('switch'),
    ];
    for (const visit of seen)
      expect([visit.status, wordsOf(visit)]).toEqual([404, expect.stringContaining('does not work any more')]);
  });

  test('a form that another site posts changes nothing', async () => {
    const admin = newAdministrator();
    await admin.open(await newTicket({ connection_config: { name: 'beta-third' } }));
    const response = await admin.browser.request(`${stage.instance.origin}/self-service/setup/provider`, {
      method: 'POST',
      body: new URLSearchParams({ provider: 'oidc' }),
      headers: { origin: 'https://evil.example' },
    });
    expect(response.status).toBe(403);
  });

  test('the answer of a provider to another browser’s try is nobody’s', async () => {
    const admin = newAdministrator();
    const other = newAdministrator();
    const ticket = await newTicket({ connection_config: { name: 'beta-fourth' } });
    await admin.open(ticket);
    await admin.send('provider', { provider: 'oidc' });
    await admin.send('connection', settings());
    await other.open(ticket);
    const response = await admin.browser.request(`${stage.instance.origin}/self-service/setup/try`, {
      method: 'POST',
      body: new URLSearchParams({ action: 'start' }),
    });
    const page = await other.browser.visit(response.headers.get('location') ?? '');
    const visit = await other.browser.submit(page, { login: 'ann' });
    expect(wordsOf(visit)).not.toContain('The connection works');
    expect(wordsOf(await other.at('switch'))).toContain('Nobody has tried');
  });
});

describe('a flood', () => {
  test('too many forms in a minute: the holder waits, and goes on where they were', async () => {
    const admin = newAdministrator();
    await admin.open(await newTicket({ connection_config: { name: 'beta-fifth' } }));
    let seen = await admin.send('provider', {});
    for (let n = 0; n < 100 && seen.status !== 429; n += 1) seen = await admin.send('provider', {});
    expect([seen.status, wordsOf(seen)]).toEqual([429, expect.stringContaining('Too many tries')]);
    expect((await admin.at('provider')).status).toBe(200);
  });
});
