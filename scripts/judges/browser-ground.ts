/**
 * Starts everything that the judge `browser-clients.ts` needs: the server over https, a company with an identity
 * provider, and Chromium with a window for each person. Registers applications through the Management API, as a
 * developer would. Leaves nothing.
 */
import assert from 'node:assert/strict';
import type { Browser, Page as Tab } from 'playwright-core';
import { findFreePort } from '../../bench/processes.js';
import { createCertificate, type TestCertificate } from '../../test/support/certificate.js';
import { launchChromium } from '../../test/support/chromium.js';
import { type Person, type ScriptedIdp, startScriptedIdp } from '../../test/support/scripted-idp.js';
import { trustAuthority } from '../../test/support/trust.js';
import { createPlace, type Place } from './companies.js';
import type { Json } from './keycloak-server.js';
import { startVestibule, type Vestibule } from './vestibule.js';

export interface Ground {
  readonly vestibule: Vestibule;
  readonly place: Place;
  readonly certificate: TestCertificate;
  /** Issuer of the company's identity provider. */
  readonly issuer: string;
  /** Adds a person at the company, whose login there is `login`. */
  addPerson(login: string): string;
  /** Adds a person at the company who is a member of the organization. Returns the user id. */
  addMember(login: string): Promise<string>;
  /** Registers an application with the company's connection. Returns its id and its secret. */
  register(fields: Json): Promise<{ readonly id: string; readonly secret: string }>;
  /** Invites this person to this application. Returns the link of the invitation. */
  invite(clientId: string, email: string): Promise<string>;
  /** Runs `deed` in a new window with cookies of its own, and closes the window. */
  inWindow<T>(deed: (tab: Tab) => Promise<T>): Promise<T>;
}

/** The state that an application shows in `#state`. */
export interface Shown {
  readonly user?: Json | null;
  readonly error?: string;
  readonly description?: string;
  readonly reference?: string;
}

const DOMAIN = 'acme-browser.example';
const STEP_MS = 20_000;

async function startIdp(people: Record<string, Person>): Promise<{ idp: ScriptedIdp; options: Json }> {
  const idp = await startScriptedIdp({ people });
  const { issuer, clientId: client_id, clientSecret: client_secret } = idp;
  const scope = 'openid profile email';
  return { idp, options: { type: 'back_channel', issuer, client_id, client_secret, scope } };
}

function createGround(
  parts: Pick<Ground, 'vestibule' | 'place' | 'certificate' | 'issuer'>,
  people: Record<string, Person>,
) {
  const { vestibule, place } = parts;
  const { api } = vestibule;
  const addPerson: Ground['addPerson'] = (login) => {
    const email = `${login}@${DOMAIN}`;
    people[login] = { sub: `idp-${login}`, email, email_verified: true, name: login };
    return email;
  };
  const doors: Omit<Ground, 'inWindow'> = {
    ...parts,
    addPerson,
    addMember: (login) => vestibule.createUser(addPerson(login), [place.id]),
    async register(fields) {
      const client = await api('POST', '/clients', { organization_usage: 'require', ...fields });
      await api('PATCH', `/connections/${vestibule.databaseId}/clients`, [
        { client_id: client.client_id, status: true },
      ]);
      return { id: String(client.client_id), secret: String(client.client_secret) };
    },
    async invite(client_id, email) {
      const invitation = { inviter: { name: 'Dana Member' }, invitee: { email }, client_id };
      const fields = { ...invitation, connection_id: place.connectionId, roles: [vestibule.roleId] };
      const made = await api<{ invitation_url: string }>('POST', `/organizations/${place.id}/invitations`, fields);
      return made.invitation_url;
    },
  };
  return doors;
}

async function inWindow<T>(browser: Browser, deed: (tab: Tab) => Promise<T>): Promise<T> {
  // Chromium keeps its own list of authorities; that of the judge is not in it.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  context.setDefaultTimeout(STEP_MS);
  try {
    return await deed(await context.newPage());
  } finally {
    await context.close();
  }
}

/**
 * Starts everything, calls `play`, and stops everything. Over `http` the server is configured as on a developer's own
 * machine.
 */
export async function onBrowserGround(
  play: (ground: Ground) => Promise<void>,
  scheme: 'https' | 'http' = 'https',
): Promise<void> {
  const undo: (() => unknown)[] = [];
  try {
    const certificate = createCertificate();
    undo.push(() => certificate.remove(), trustAuthority(certificate.ca));
    const PORT = String(await findFreePort());
    const tls = { VESTIBULE_TLS_CERT: certificate.cert, VESTIBULE_TLS_KEY: certificate.key };
    const vestibule = await startVestibule({
      PORT,
      VESTIBULE_URL: `${scheme}://localhost:${PORT}`,
      VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS: '127.0.0.0/8',
      ...(scheme === 'https' && tls),
    });
    undo.push(() => vestibule.stop());
    const people: Record<string, Person> = {};
    const { idp, options } = await startIdp(people);
    undo.push(() => idp.stop());
    const place = await createPlace(vestibule, { name: 'acme-browser', domain: DOMAIN, strategy: 'oidc', options });
    const browser = await launchChromium();
    undo.push(() => browser.close());
    const ground = createGround({ vestibule, place, certificate, issuer: idp.issuer }, people);
    await play({ ...ground, inWindow: (deed) => inWindow(browser, deed) });
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

/** Types the address on the server's page, and the login on the company's. */
export async function signIn(tab: Tab, login: string): Promise<void> {
  await tab.fill('#username', `${login}@${DOMAIN}`);
  await tab.press('#username', 'Enter');
  await signInAtCompany(tab, login);
}

export async function signInAtCompany(tab: Tab, login: string): Promise<void> {
  await tab.fill('#login', login);
  await tab.press('#login', 'Enter');
}

/** Waits until the application shows its state, and returns it. */
export async function readShown(tab: Tab, origin: string): Promise<Shown> {
  await tab.waitForURL((url) => url.origin === origin && !url.searchParams.has('code'), { timeout: STEP_MS });
  await tab.waitForFunction("(document.querySelector('#state')?.textContent ?? '') !== ''");
  return JSON.parse((await tab.locator('#state').textContent()) ?? '') as Shown;
}

/** Checks that the person is signed in at the company's organization. */
export async function expectIn(tab: Tab, { origin, place }: { origin: string; place: Place }, login: string) {
  const shown = await readShown(tab, origin);
  assert.equal(shown.user?.email, `${login}@${DOMAIN}`, JSON.stringify(shown));
  assert.equal(shown.user?.org_id, place.id);
  return shown;
}

/** Checks that the application shows this refusal, with the reference that the log has. */
export async function expectRefused({ vestibule }: Ground, shown: Shown, error: string, description: RegExp) {
  assert.equal(shown.error, error, JSON.stringify(shown));
  assert.match(shown.description ?? '', description);
  assert.match(shown.reference ?? '', /^V-/);
  const lines = await vestibule.logs();
  assert.ok(
    lines.some(({ details }) => details.reference === shown.reference),
    `the log has no line ${shown.reference}`,
  );
}
