/**
 * The operator's sign-in: an access token for the Management API, kept in memory and nowhere else. It is got by asking the server silently
 * (`prompt=none` in a hidden frame), which the session's own `__Host-` cookie answers; the console keeps no refresh token, so nothing that
 * a page could steal outlives the page (ADR 0063). Never reads or writes storage, except the address to come back to and the sign-in that
 * was begun.
 */
import { generateRandomState } from 'oauth4webapi';
import { now } from '../clock';
import { readServerFacts } from '../server-facts';
import { authorize, type Grant, SignedOut } from './authorize';
import { openFrame, openWindow } from './places';

export { SignedOut };

const RETURN_KEY = 'console.return';
const STATE_KEY = 'console.state';
/** A token is not used any more so long before its end: a request takes its time. */
const EARLY_MS = 60_000;

/** The person who uses the console. */
export interface Operator {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

let held: { readonly grant: Grant; readonly until: number } | undefined;
let asking: Promise<Grant> | undefined;
/** Whose page this is: their name is on it, and what was read with their rights. */
let userId: string | undefined;

function hold(grant: Grant): Grant {
  // Somebody else signed in in this browser meanwhile: what one person typed must not be done as another, with other rights.
  if (userId !== undefined && userId !== grant.claims.sub) throw new SignedOut('somebody else is signed in');
  userId = grant.claims.sub;
  held = { grant, until: now().getTime() + grant.expiresInSeconds * 1_000 - EARLY_MS };
  return grant;
}

/** The grant that is held, or a new one; everybody who asks meanwhile gets the same. */
async function getGrant(): Promise<Grant> {
  if (held !== undefined && now().getTime() < held.until) return held.grant;
  asking ??= authorize(openFrame, 'none')
    .then(hold)
    .finally(() => {
      asking = undefined;
    });
  return asking;
}

/** A token that is good for some minutes. Throws {@link SignedOut} where the session is over, other errors where the server did not answer. */
export async function getToken(): Promise<string> {
  return (await getGrant()).token;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Signs in silently. Throws {@link SignedOut}. */
export async function signInSilently(): Promise<Operator> {
  const { sub, ...claims } = (await getGrant()).claims;
  const email = textOf(claims.email) ?? '';
  return { userId: sub, name: textOf(claims.name) ?? email, email };
}

/** Leaves for the sign-in page, which leads back to the address of now. */
export function leaveToSignIn(): void {
  const { pathname, search } = window.location;
  const state = generateRandomState();
  window.sessionStorage.setItem(RETURN_KEY, `${pathname}${search}`);
  window.sessionStorage.setItem(STATE_KEY, state);
  window.location.assign(`/console/login?state=${state}`);
}

/** Whether `state` is of the sign-in that was begun here, once. */
export function takeBegun(state: string | null): boolean {
  const begun = window.sessionStorage.getItem(STATE_KEY);
  window.sessionStorage.removeItem(STATE_KEY);
  return begun !== null && begun === state;
}

/** The address that a sign-in was begun at, once; undefined for one that was begun elsewhere, as by the link of an invitation. */
export function takeReturnAddress(): string | undefined {
  const address = window.sessionStorage.getItem(RETURN_KEY);
  window.sessionStorage.removeItem(RETURN_KEY);
  // Open redirect: only addresses of the console itself.
  return address?.startsWith('/console') ? address : undefined;
}

/** Signs in again in a window of its own, so that nothing on this page is lost. Throws where the window was closed or refused, or it was somebody else. */
export async function signInBeside(): Promise<void> {
  held = undefined;
  hold(await authorize(openWindow, 'login'));
}

/** Revokes the session at the server, and comes back to the console. */
export function signOut(): void {
  held = undefined;
  const returnTo = `${window.location.origin}/console?signed_out=1`;
  const query = new URLSearchParams({ client_id: readServerFacts().clientId, returnTo });
  window.location.assign(`/v2/logout?${query}`);
}
