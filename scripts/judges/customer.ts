/**
 * Plays a customer's administrator who has only a ticket, in Chromium, with Keycloak as provider: domain, test sign-in,
 * people from the directory, a pilot group, everybody, and off again. Between the ticket and the end, neither the
 * operator nor the Management API does anything. Stores a picture of every page in the caller's folder.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { txt } from '../../test/support/text-name-server.js';
import type { Checks } from './checks.js';
import type { Protocol } from './companies.js';
import { createRealm, PASSWORD, type Realm } from './keycloak-realm.js';
import type { Json, Keycloak } from './keycloak-server.js';
import type { Vestibule } from './vestibule.js';

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

export interface CustomerGround {
  readonly vestibule: Vestibule;
  readonly keycloak: Keycloak;
  readonly protocol: Protocol;
  readonly browser: Browser;
  /** Folder for pictures. */
  readonly folder: string;
  readonly checks: Checks;
}

interface Customer extends CustomerGround {
  readonly realm: Realm;
  readonly organizationId: string;
  readonly domain: string;
  /** Keycloak's ids of Ann, Ben and Carl. */
  readonly ids: Readonly<Record<string, string>>;
  /** The administrator's window. */
  readonly page: Page;
  readonly ticket: string;
}

/** Does the operator's part: creates an organization with two members who have passwords, and a ticket. */
async function createTicket(ground: CustomerGround, domain: string, name: string) {
  const { vestibule } = ground;
  const { api, databaseId } = vestibule;
  const enabled_connections = [{ connection_id: databaseId, assign_membership_on_login: false }];
  const organization = await api('POST', '/organizations', { name, display_name: 'Acme Trading', enabled_connections });
  const organizationId = String(organization.id);
  for (const person of ['ann', 'ben']) await vestibule.createUser(`${person}@${domain}`, [organizationId]);
  const profile = await api('POST', '/self-service-profiles', { name: `customers-${name}` });
  const { ticket } = await api<{ ticket: string }>('POST', `/self-service-profiles/${profile.id}/sso-ticket`, {
    connection_config: { name: `${name}-own`, display_name: 'Acme Trading' },
    // People of the directory become members with their first sign-in.
    enabled_organizations: [{ organization_id: organizationId, assign_membership_on_login: true }],
    domain_aliases_config: { domain_verification: 'required', pending_domains: [domain] },
    enabled_features: { provisioning: true },
  });
  return { organizationId, ticket };
}

/** Takes pictures of the page in both widths. */
async function shoot({ page, folder, protocol }: Customer, name: string): Promise<void> {
  for (const [size, width] of [
    [NARROW, 390],
    [WIDE, 1280],
  ] as const) {
    await page.setViewportSize(size);
    await page.screenshot({ path: join(folder, `${protocol}-${name}-${width}.png`), fullPage: true });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    assert.equal(overflow, 0, `${name} scrolls sideways at ${width} px`);
  }
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const heading = async (page: Page) => (await page.locator('h1').textContent())?.trim();
const words = async (page: Page) => ((await page.locator('main').textContent()) ?? '').replace(/\s+/g, ' ');

/** Returns a value that the page offers to copy. */
async function copyFrom(page: Page, label: string): Promise<string> {
  const row = page.locator('.reference', { hasText: label }).first();
  return ((await row.locator('code').textContent()) ?? '').trim();
}

async function signInAtKeycloak(page: Page, username: string): Promise<void> {
  await page.waitForSelector('#kc-form-login');
  await page.fill('#username', username);
  await page.fill('#password', PASSWORD);
  await page.click('#kc-login');
}

/** Follows the page's instructions at Keycloak, and types the values here. */
async function connect(customer: Customer): Promise<void> {
  const { page, realm, protocol } = customer;
  await page.getByLabel(protocol === 'oidc' ? 'Another provider with OpenID Connect' : 'Keycloak (SAML)').check();
  await shoot(customer, '1-provider');
  await press(page, 'Continue');
  assert.equal(await heading(page), 'Connect your provider');
  await shoot(customer, '2-connection');
  if (protocol === 'oidc') {
    const { secret } = await realm.addOidcClient(await copyFrom(page, 'Redirect address'));
    await page.fill('#discovery_url', realm.issuer);
    await page.fill('#client_id', 'vestibule');
    await page.fill('#client_secret', secret);
  } else {
    const metadata = await fetch(await copyFrom(page, 'Metadata'));
    const clientId = await realm.importSamlClient(await metadata.text());
    await realm.changeClient(clientId, { saml_name_id_format: 'email' });
    await page.fill('#metadataUrl', realm.metadataUrl);
  }
  await press(page, 'Continue');
  assert.equal(await heading(page), 'Prove your domain', await words(page));
}

async function prove(customer: Customer): Promise<void> {
  const { page, vestibule, domain } = customer;
  vestibule.names.answer(() => ({ code: 3 }));
  await shoot(customer, '3-domains');
  assert.equal(await page.inputValue('#domain'), domain);
  await press(page, 'Add this domain');
  await press(page, 'Check the record');
  await shoot(customer, '3-domains-no-record');
  assert.match(await words(page), /does not exist/);
  const [name, text] = [await copyFrom(page, 'Name'), await copyFrom(page, 'Content (TXT)')];
  vestibule.names.answer((asked) => (asked === name.toLowerCase() ? { records: [txt(asked, text)] } : { code: 3 }));
  await press(page, 'Check the record');
  assert.match(await words(page), new RegExp(`${domain} is proved`));
  await shoot(customer, '3-domains-proved');
  await page.getByRole('link', { name: 'Continue', exact: true }).click();
}

async function tryIt(customer: Customer): Promise<void> {
  const { page } = customer;
  assert.equal(await heading(page), 'Try a sign-in');
  await shoot(customer, '4-try');
  await press(page, 'Try a sign-in');
  await signInAtKeycloak(page, 'ann');
  await page.waitForURL(/callback|self-service/);
  await shoot(customer, '4-try-result');
  assert.match(await words(page), /you can sign in once it is switched on/);
  await page.getByRole('link', { name: 'Continue', exact: true }).click();
}

/** Does the directory's part: creates Carl with the address and the token of the page. */
async function provision(customer: Customer): Promise<void> {
  const { page, domain, ids } = customer;
  assert.equal(await heading(page), 'Who may come in');
  await shoot(customer, '5-people');
  await press(page, 'Make a token');
  await shoot(customer, '5-people-token');
  const base = await copyFrom(page, 'Base address');
  const token = await copyFrom(page, 'Token, shown only now');
  const email = `carl@${domain}`;
  const person = { userName: email, externalId: ids.carl, active: true, emails: [{ value: email, primary: true }] };
  const response = await fetch(`${base}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], ...person }),
  });
  assert.equal(response.status, 201, await response.text());
  await page.getByRole('link', { name: 'Continue', exact: true }).click();
}

async function turn(customer: Customer, to: string, pilot = ''): Promise<string> {
  const { page } = customer;
  await page.goto(`${customer.vestibule.origin}/self-service/setup/switch`);
  await page.getByLabel(to).check();
  await page.fill('#pilot', pilot);
  await press(page, 'Save');
  await shoot(customer, `6-switch-${to.toLowerCase().replaceAll(' ', '-')}`);
  return words(page);
}

/** Types the address at the sign-in. Returns true if that leads to Keycloak, and keeps the window open. */
async function isLed({ vestibule, browser, organizationId, domain, keycloak }: Customer, person: string) {
  const context = await browser.newContext({ viewport: WIDE });
  const page = await context.newPage();
  const visitor = vestibule.visitor(organizationId);
  await page.goto(visitor.authorizeUrl());
  await page.fill('#username', `${person}@${domain}`);
  await press(page, 'Continue');
  await page.waitForSelector('#kc-form-login, #password');
  return { visitor, context, page, led: page.url().startsWith(keycloak.origin) };
}

/** Signs in at Keycloak to the end, and returns the claims of the ID token. */
async function comeIn(customer: Customer, person: string): Promise<Json> {
  const { visitor, context, page, led } = await isLed(customer, person);
  try {
    assert.ok(led, `${person} is not led to Keycloak`);
    // No application is running, so the sign-in ends with the request to it.
    const end = page.waitForRequest((request) => request.url().startsWith('http://127.0.0.1:9/callback'));
    await signInAtKeycloak(page, person);
    const url = new URL((await end).url());
    return (await visitor.redeem({ status: 0, url, text: '', forms: [], headers: new Headers() })).claims;
  } finally {
    await context.close();
  }
}

async function leads(customer: Customer, person: string): Promise<boolean> {
  const { context, led } = await isLed(customer, person);
  await context.close();
  return led;
}

async function playSwitch(customer: Customer): Promise<void> {
  const { checks, domain, vestibule, organizationId } = customer;
  const userOf = async (person: string) => {
    const found = await vestibule.api<{ user_id: string }[]>('GET', `/users-by-email?email=${person}@${domain}`);
    return found.map(({ user_id }) => user_id);
  };
  await checks.play('a pilot group: Ann is led to Keycloak and is who she was, Ben signs in as before', async () => {
    assert.match(await turn(customer, 'For a pilot group', `ann@${domain}`), /Switched on for the pilot group/);
    const [ann] = await userOf('ann');
    assert.equal((await comeIn(customer, 'ann')).sub, ann);
    assert.equal(await leads(customer, 'ben'), false);
  });
  await checks.play('everybody: Ben is who he was, and Carl is the one that the directory created', async () => {
    assert.match(await turn(customer, 'For everybody'), /Switched on for everybody/);
    for (const person of ['ben', 'carl']) {
      const before = await userOf(person);
      const { sub, org_id } = await comeIn(customer, person);
      assert.deepEqual([await userOf(person), sub, org_id], [before, before[0], organizationId]);
    }
  });
  await checks.play('off: everybody signs in as before', async () => {
    assert.match(await turn(customer, 'Off'), /Switched off/);
    for (const person of ['ann', 'ben']) assert.equal(await leads(customer, person), false);
  });
}

/** Plays everything from the ticket to the end. */
export async function playCustomer(ground: CustomerGround): Promise<void> {
  const { checks, protocol, keycloak, browser } = ground;
  const name = `customer-${protocol}`;
  const domain = `${name}.example`;
  const { organizationId, ticket } = await createTicket(ground, domain, name);
  const realm = await createRealm(keycloak, name);
  const ids: Record<string, string> = {};
  for (const person of ['ann', 'ben', 'carl']) ids[person] = await realm.addPerson(person, `${person}@${domain}`);
  const context: BrowserContext = await browser.newContext({ viewport: WIDE });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const customer: Customer = { ...ground, realm, organizationId, domain, ids, page, ticket };
  const steps: readonly (readonly [string, (customer: Customer) => Promise<void>])[] = [
    ['the provider is chosen and connected', connect],
    ['the domain is proved by a record', prove],
    ['a sign-in is tried', tryIt],
    ['the directory creates Carl by SCIM', provision],
  ];
  await page.goto(ticket);
  let isWhole = true;
  for (const [title, step] of steps) isWhole = isWhole && (await checks.play(title, () => step(customer)));
  if (isWhole) await playSwitch(customer);
  await context.close();
}
