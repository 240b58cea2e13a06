/**
 * Checks sign-out with Keycloak as the provider, in both directions. If this server does not support single logout, the
 * checks are skipped with that reason.
 */
import assert from 'node:assert/strict';
import type { Visit } from '../../test/support/http-browser.js';
import type { Checks } from './checks.js';
import { type Company, type Place, relay, throughConnection } from './companies.js';
import { answerOf } from './stories.js';
import { BYE, type Vestibule } from './vestibule.js';

interface Ground {
  readonly vestibule: Vestibule;
  readonly place: Place;
}

type Visitor = ReturnType<Vestibule['visitor']>;

/** Returns a browser in which Dana is signed in. */
export async function signedIn({ vestibule, place }: Ground): Promise<Visitor> {
  const visitor = vestibule.visitor(place.id);
  await visitor.redeem(await throughConnection(visitor, place, 'dana'));
  assert.equal(typeof answerOf(await visitor.open({ prompt: 'none' })).code, 'string', 'signed in before');
  return visitor;
}

/** True if the browser has no session at this server. */
export const isSignedOut = async (visitor: Visitor): Promise<boolean> =>
  answerOf(await visitor.open({ prompt: 'none' })).error === 'login_required';

/** True if this server's metadata contains an address for single logout. */
export async function hasLogout({ vestibule, place }: Ground): Promise<boolean> {
  const metadata = await fetch(`${vestibule.origin}/samlp/metadata?connection=${place.connectionName}`);
  return (await metadata.text()).includes('SingleLogoutService');
}

/** Signs out here with `federated`: through the provider to the application. */
export async function signOutHere({ vestibule, place }: Ground): Promise<Visitor> {
  const visitor = await signedIn({ vestibule, place });
  const query = new URLSearchParams({ federated: '', client_id: vestibule.clientId, returnTo: BYE });
  const end = await relay(visitor, await visitor.browser.visit(`${vestibule.origin}/v2/logout?${query}`));
  assert.equal(end.url.href.split('?')[0], BYE, end.text.slice(0, 300));
  assert.ok(await isSignedOut(visitor), 'signed out here');
  return visitor;
}

/** True if Keycloak asks for a password, because it has no session for the browser. */
async function isStrange(visitor: Visitor, { connectionName }: Place): Promise<boolean> {
  const page = await relay(visitor, await visitor.open({ connection: connectionName }));
  return page.forms.some(({ fields }) => 'password' in fields);
}

/** Signs out at Keycloak, which asks for confirmation and then sends its requests through the browser. */
async function leaveKeycloak(visitor: Visitor, { realm }: Company): Promise<Visit> {
  const asked = await visitor.browser.visit(`${realm.issuer}/protocol/openid-connect/logout`);
  return relay(visitor, await visitor.browser.submit(asked));
}

/** Plays both directions with Keycloak. */
export async function playLogout(vestibule: Vestibule, company: Company, checks: Checks): Promise<void> {
  const ground = { vestibule, place: company };
  if (company.protocol === 'oidc') return checks.skip('federated sign-out', 'not built for OpenID Connect');
  if (!(await hasLogout(ground))) return checks.skip('single logout', 'not built');
  await checks.play('signing out here with federated signs out at Keycloak, and ends at the application', async () => {
    const visitor = await signOutHere(ground);
    assert.ok(await isStrange(visitor, company), 'signed out at Keycloak');
  });
  await checks.play('signing out at Keycloak signs out here, and no other browser of theirs', async () => {
    const visitor = await signedIn(ground);
    const other = await signedIn(ground);
    await leaveKeycloak(visitor, company);
    assert.ok(await isSignedOut(visitor), 'signed out here');
    assert.equal(await isSignedOut(other), false, 'another browser of theirs stays signed in');
  });
}
