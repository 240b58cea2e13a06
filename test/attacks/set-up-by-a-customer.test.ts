/**
 * The checks of the set-up by a customer that no story needs: people who sign in meanwhile, two windows, a second connection of the same
 * organization.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Administrator } from '../support/administrator.js';
import { holdWrite } from '../support/held-writes.js';
import type { Json } from '../support/instance.js';
import { type ScriptedIdp, startScriptedIdp } from '../support/scripted-idp.js';
import { useStage, wordsOf } from '../support/stage.js';

const stage = useStage();
const originOf = () => stage.instance.origin;
let idp: ScriptedIdp;
let profile: string;

const personOf = (name: string) => ({ sub: `idp-${name}`, email: `ann@${name}.example`, email_verified: true });
const people: Record<string, ReturnType<typeof personOf>> = {};

beforeAll(async () => {
  idp = await startScriptedIdp({ people });
  profile = (await stage.instance.api('POST', '/self-service-profiles', { name: 'customers' })).id as string;
});
afterAll(() => idp?.stop());

const settings = ({ issuer, clientId, clientSecret }: ScriptedIdp = idp) => ({
  discovery_url: issuer,
  client_id: clientId,
  client_secret: clientSecret,
});

interface Customer {
  readonly admin: Administrator;
  readonly organization: string;
  readonly domain: string;
  readonly email: string;
  /** A link for another connection of the same organization. */
  newTicket(name: string): Promise<string>;
  connection(): Promise<Json & { id: string; options: Json }>;
}

async function startTicket(organization: string, name: string): Promise<string> {
  const { ticket } = await stage.instance.api('POST', `/self-service-profiles/${profile}/sso-ticket`, {
    connection_config: { name },
    enabled_organizations: [{ organization_id: organization }],
  });
  return ticket as string;
}

/** A company with a member and a proved domain, whose administrator has chosen OpenID Connect. */
async function newCustomer(name: string): Promise<Customer> {
  const { api } = stage.instance;
  const enabled_connections = [{ connection_id: stage.cast.databaseId, assign_membership_on_login: false }];
  const organization = (await api('POST', '/organizations', { name, display_name: name, enabled_connections }))
    .id as string;
  const domain = `${name}.example`;
  people[name] = personOf(name);
  const members = [await stage.cast.createUser(`ann@${domain}`)];
  await api('POST', `/organizations/${organization}/members`, { members });
  await api('POST', `/organizations/${organization}/discovery-domains`, { domain, status: 'verified' });
  const admin = new Administrator(originOf);
  await admin.open(await startTicket(organization, `${name}-own`));
  await admin.send('provider', { provider: 'oidc' });
  return {
    admin,
    organization,
    domain,
    email: `ann@${domain}`,
    newTicket: (other) => startTicket(organization, other),
    async connection() {
      const { connections } = await api<{ connections: (Json & { id: string; options: Json })[] }>(
        'GET',
        `/connections?name=${name}-own&take=5`,
      );
      const [own] = connections;
      if (own === undefined) throw new Error(`${name} has no connection`);
      return own;
    },
  };
}

/** The operator changes options of the customer's connection. */
async function changeOptions({ connection }: Customer, changes: Json): Promise<void> {
  const { id, options } = await connection();
  await stage.instance.api('PATCH', `/connections/${id}?check_discovery=false`, {
    options: { ...options, ...changes },
  });
}

async function switchOn({ admin }: Customer, key: string): Promise<void> {
  await admin.send('connection', settings());
  await admin.tryAs(key);
  expect(wordsOf(await admin.send('switch', { to: 'all', pilot: '' }))).toContain('Switched on for everybody.');
}

test('tries at a provider that is down close no door to people who sign in with the settings in use', async () => {
  const customer = await newCustomer('outage');
  await switchOn(customer, 'outage');
  const other = await startScriptedIdp({ people });
  await customer.admin.send('connection', settings(other));
  await other.stop();
  for (let count = 0; count < 6; count += 1) {
    const seen = await customer.admin.send('try', { action: 'start' });
    expect([seen.status, wordsOf(seen)]).toEqual([400, expect.stringContaining('could not reach your provider')]);
  }
  const visitor = stage.visitor();
  const page = await visitor.type(await visitor.open({ organization: customer.organization }), customer.email);
  const answer = await visitor.signInAtIdp(page, 'outage');
  expect(answer.url.searchParams.get('code'), wordsOf(answer)).not.toBeNull();
});

test('a domain that leads to one connection is not taken over by setting up another beside it', async () => {
  const customer = await newCustomer('twice');
  await switchOn(customer, 'twice');
  expect((await customer.connection()).options.domain_aliases).toEqual([customer.domain]);
  const second = new Administrator(originOf);
  await second.open(await customer.newTicket('twice-beside'));
  await second.send('provider', { provider: 'oidc' });
  await second.send('connection', settings());
  await second.tryAs('twice');
  expect(wordsOf(await second.send('switch', { to: 'all', pilot: '' }))).toContain('Switched on for everybody.');
  const path = '/connections?name=twice-beside&take=5';
  const { connections } = await stage.instance.api<{ connections: { options: Json }[] }>('GET', path);
  expect(connections[0]?.options.domain_aliases).toEqual([]);
  expect((await customer.connection()).options.domain_aliases).toEqual([customer.domain]);
});

test('two windows: settings that are typed while the switch is under way are not put into use', async () => {
  const { admin, connection } = await newCustomer('windows');
  await admin.send('connection', settings());
  await admin.tryAs('windows');
  const { pool } = stage.instance.server;
  const held = holdWrite(pool, /^select "organization_id" from "organization_connections" where "connection_id"/);
  try {
    const switching = admin.send('switch', { to: 'all', pilot: '' });
    await held.reached;
    const other = new Administrator(originOf, admin.browser.clone());
    await other.send('connection', { ...settings(), client_secret: 'typed-in-another-window' });
    held.release();
    const refused = await switching;
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('changed meanwhile')]);
  } finally {
    held.restore();
  }
  expect((await connection()).options).not.toHaveProperty('client_id');
});

describe('the operator changes the connection meanwhile', () => {
  const changed = expect.stringContaining('Somebody else changed this connection');

  test('after the settings were typed: their change is not taken back, and the page says how to go on', async () => {
    const customer = await newCustomer('meanwhile');
    const { admin } = customer;
    await admin.send('connection', settings());
    await admin.tryAs('meanwhile');
    await changeOptions(customer, { upstream_params: { acr_values: { value: 'mfa' } } });
    const refused = await admin.send('switch', { to: 'all', pilot: '' });
    expect([refused.status, wordsOf(refused)]).toEqual([400, changed]);
    const untried = await admin.send('try', { action: 'start' });
    expect([untried.status, wordsOf(untried)]).toEqual([400, changed]);
    expect(wordsOf(await admin.at('connection'))).toEqual(changed);
    await switchOn(customer, 'meanwhile');
    expect((await customer.connection()).options).toMatchObject({ upstream_params: { acr_values: { value: 'mfa' } } });
  });

  test('while the switch is under way', async () => {
    const customer = await newCustomer('underway');
    const { admin } = customer;
    await admin.send('connection', settings());
    await admin.tryAs('underway');
    const { pool } = stage.instance.server;
    const held = holdWrite(pool, /^select "organization_id" from "organization_connections" where "connection_id"/);
    try {
      const switching = admin.send('switch', { to: 'all', pilot: '' });
      await held.reached;
      await changeOptions(customer, { upstream_params: { acr_values: { value: 'mfa' } } });
      held.release();
      const refused = await switching;
      expect([refused.status, wordsOf(refused)]).toEqual([400, changed]);
    } finally {
      held.restore();
    }
    const { options } = await customer.connection();
    expect(options).toMatchObject({ upstream_params: { acr_values: { value: 'mfa' } } });
    expect(options).not.toHaveProperty('client_id');
  });

  test('a passed try counts for the provider that was tried: after another one was put in its place, it is tried again', async () => {
    const customer = await newCustomer('replaced');
    await switchOn(customer, 'replaced');
    await customer.admin.send('switch', { to: 'off', pilot: '' });
    const other = await startScriptedIdp({ people });
    await changeOptions(customer, { discovery_url: other.issuer });
    const refused = await customer.admin.send('switch', { to: 'all', pilot: '' });
    expect([refused.status, wordsOf(refused)]).toEqual([400, changed]);
    await switchOn(customer, 'replaced');
    await other.stop();
  });

  test('addresses of one provider never stay beside those of another', async () => {
    const customer = await newCustomer('mixed');
    const other = await startScriptedIdp({ people });
    const { issuer } = other;
    const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` };
    await changeOptions(customer, { type: 'back_channel', ...endpoints, oidc_metadata: { issuer, ...endpoints } });
    const seen = await customer.admin.send('connection', settings());
    expect(seen.url.pathname, wordsOf(seen)).toBe('/self-service/setup/domains');
    const asked = { ...other.requests };
    expect(wordsOf(await customer.admin.tryAs('mixed'))).toContain('The connection works');
    expect(other.requests).toEqual(asked);
    await other.stop();
  });
});

test('people of the issuer before are told of before the switch: they would be refused', async () => {
  const customer = await newCustomer('moved');
  const { admin, organization, email } = customer;
  await switchOn(customer, 'moved');
  const signIn = async () => {
    const visitor = stage.visitor();
    const page = await visitor.type(await visitor.open({ organization }), email);
    return visitor.signInAtIdp(page, 'moved');
  };
  const before = await signIn();
  expect(before.url.searchParams.get('code'), wordsOf(before)).not.toBeNull();
  expect(wordsOf(await admin.at('switch'))).not.toContain('known here from another provider');
  const other = await startScriptedIdp({ people });
  await admin.send('connection', settings(other));
  await admin.tryAs('moved');
  expect(wordsOf(await admin.at('switch'))).toContain('1 person is known here from another provider');
  await admin.send('switch', { to: 'all', pilot: '' });
  const visitor = stage.visitor();
  const page = await visitor.type(await visitor.open({ organization }), email);
  const refused = await visitor.signInAtIdp(page, 'moved');
  expect((await stage.refusal(refused)).details.code).toBe('resolve.issuer_changed');
  await other.stop();
});
