/**
 * The checks of the set-up by a customer that no story needs: people who sign in meanwhile, two windows, a second connection of the same
 * organization.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
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
  expect((await connection()).options).toEqual({});
});
