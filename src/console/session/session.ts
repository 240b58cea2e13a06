/**
 * The operator's sign-in: an access token for the Management API, kept in memory and nowhere else. It is got by asking the server silently
 * (`prompt=none` in a hidden frame), which the session's own `__Host-` cookie answers; the console keeps no refresh token, so nothing that
 * a page could steal outlives the page (ADR 0063). Never reads or writes storage, but for the address to come back to.
 */
import { Auth0Client } from '@auth0/auth0-spa-js';
import { readServerFacts } from '../server-facts';

const facts = readServerFacts();

/** The scope that stands for every scope of the operator's roles (ADR 0062). */
const SCOPE = 'openid profile email use:roles';
const RETURN_KEY = 'console.return';

const client = new Auth0Client({
  domain: window.location.origin,
  clientId: facts.clientId,
  cacheLocation: 'memory',
  useRefreshTokens: false,
  authorizationParams: {
    audience: facts.audience,
    organization: facts.organizationId,
    redirect_uri: `${window.location.origin}/console`,
    scope: SCOPE,
  },
});

/** The person who uses the console. */
export interface Operator {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

/** The session is over, or there was none. */
export class SignedOut extends Error {}

/** A token that is good for some minutes. `fresh` asks the server although there is one. Throws {@link SignedOut}. */
export async function getToken(fresh = false): Promise<string> {
  try {
    const token = await client.getTokenSilently({ cacheMode: fresh ? 'off' : 'on' });
    if (token !== undefined) return token;
  } catch (error) {
    const code = (error as { readonly error?: unknown }).error;
    // The server said no; anything else is the network, and worth another try.
    if (typeof code === 'string' && code !== 'timeout') throw new SignedOut(String(code));
    throw error;
  }
  throw new SignedOut('no token');
}

/** Signs in silently. Throws {@link SignedOut}. */
export async function signInSilently(): Promise<Operator> {
  await getToken();
  const claims = await client.getIdTokenClaims();
  return {
    userId: claims?.sub ?? '',
    name: claims?.name ?? claims?.email ?? '',
    email: claims?.email ?? '',
  };
}

/** Leaves for the sign-in page, which leads back to the address of now. */
export function leaveToSignIn(): void {
  const { pathname, search } = window.location;
  window.sessionStorage.setItem(RETURN_KEY, `${pathname}${search}`);
  window.location.assign('/console/login');
}

/** The address that a sign-in was begun at, once; undefined for one that was begun elsewhere, as by the link of an invitation. */
export function takeReturnAddress(): string | undefined {
  const address = window.sessionStorage.getItem(RETURN_KEY);
  window.sessionStorage.removeItem(RETURN_KEY);
  // Open redirect: only addresses of the console itself.
  return address?.startsWith('/console') ? address : undefined;
}

/** Signs in again in a window of its own, so that nothing on this page is lost. Throws where the window was closed or refused. */
export async function signInBeside(): Promise<void> {
  await client.loginWithPopup();
}

/** Ends the session at the server, and comes back to the console. */
export async function signOut(): Promise<void> {
  await client.logout({ logoutParams: { returnTo: `${window.location.origin}/console?signed_out=1` } });
}
