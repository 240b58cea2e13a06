/** Signing out with Keycloak as the provider, in both directions. Where this server has no single logout yet, the checks say so and are skipped. */
import assert from 'node:assert/strict';
import type { Visit } from '../../test/support/http-browser.js';
import type { Checks } from './checks.js';
import { type Company, relay, throughConnection } from './companies.js';
import { answerOf } from './stories.js';
import { BYE, type Vestibule } from './vestibule.js';

interface Ground {
  readonly vestibule: Vestibule;
  readonly company: Company;
  readonly checks: Checks;
}

type Visitor = ReturnType<Vestibule['visitor']>;

/** True where Keycloak asks for a password: it does not know the browser. */
async function isStrange(visitor: Visitor, { connectionName }: Company): Promise<boolean> {
  const page = await relay(visitor, await visitor.open({ connection: connectionName, prompt: '' }));
  return page.forms.some(({ fields }) => 'password' in fields);
}

async function signedIn({ vestibule, company }: Ground): Promise<Visitor> {
  const visitor = vestibule.visitor(company.id);
  await visitor.redeem(await throughConnection(visitor, company, 'dana'));
  assert.equal(typeof answerOf(await visitor.open({ prompt: 'none' })).code, 'string', 'signed in before');
  return visitor;
}

const isSignedOut = async (visitor: Visitor) =>
  answerOf(await visitor.open({ prompt: 'none' })).error === 'login_required';

async function fromHere(ground: Ground): Promise<void> {
  const { vestibule, company } = ground;
  const visitor = await signedIn(ground);
  const query = new URLSearchParams({ federated: '', client_id: vestibule.clientId, returnTo: BYE });
  const end = await relay(visitor, await visitor.browser.visit(`${vestibule.origin}/v2/logout?${query}`));
  assert.equal(end.url.href.split('?')[0], BYE);
  assert.ok(await isSignedOut(visitor), 'signed out here');
  assert.ok(await isStrange(visitor, company), 'signed out at Keycloak');
}

/** Keycloak asks whether to sign out, and has the browser carry its requests. */
async function leaveKeycloak(visitor: Visitor, { realm }: Company): Promise<Visit> {
  const asked = await visitor.browser.visit(`${realm.issuer}/protocol/openid-connect/logout`);
  return relay(visitor, await visitor.browser.submit(asked));
}

/** Plays both directions. */
export async function playLogout(ground: Ground): Promise<void> {
  const { vestibule, company, checks } = ground;
  const metadata = await fetch(`${vestibule.origin}/samlp/metadata?connection=${company.connectionName}`);
  if (company.protocol === 'oidc') return checks.skip('federated sign-out', 'not built for OpenID Connect');
  if (!(await metadata.text()).includes('SingleLogoutService')) return checks.skip('single logout', 'not built');
  await checks.play('signing out here with federated signs out at Keycloak, and ends at the application', () =>
    fromHere(ground),
  );
  await checks.play('signing out at Keycloak signs out here', async () => {
    const visitor = await signedIn(ground);
    const other = await signedIn(ground);
    await leaveKeycloak(visitor, company);
    assert.ok(await isSignedOut(visitor), 'signed out here');
    assert.equal(await isSignedOut(other), false, 'another browser of theirs stays signed in');
  });
}
