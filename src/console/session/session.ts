/**
 * The operator's sign-in: an access token for the Management API, kept only in memory. It comes from a silent request
 * (`prompt=none` in a hidden frame), for which the server uses the session in the `__Host-` cookie. The console has no
 * refresh token, so nothing that an attack on the page could steal is valid for long after it (ADR 0063). The browser's
 * storage holds only the return address and the state of a sign-in.
 */
import { generateRandomState } from 'oauth4webapi';
import { now } from '../clock';
import { readServerFacts } from '../server-facts';
import { authorize, type Grant, SignedOut } from './authorize';
import { openFrame, openWindow } from './places';

export { SignedOut };

const RETURN_KEY = 'console.return';
const STATE_KEY = 'console.state';
/** Milliseconds before its expiry from which a token is not used any more, since a request takes time. */
const EARLY_MS = 60_000;

/** The signed-in operator. */
export interface Operator {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
}

let held: { readonly grant: Grant; readonly until: number } | undefined;
let asking: Promise<Grant> | undefined;
/** The operator for whom this page was loaded. Everything on the page was read with their rights. */
let userId: string | undefined;

function hold(grant: Grant): Grant {
  // Refuses a token of somebody else who signed in in this browser meanwhile. Otherwise text that one operator typed
  // would be sent in the name of the other, with other rights.
  if (userId !== undefined && userId !== grant.claims.sub) throw new SignedOut('somebody else is signed in');
  userId = grant.claims.sub;
  held = { grant, until: now().getTime() + grant.expiresInSeconds * 1_000 - EARLY_MS };
  return grant;
}

/** Returns the current token and claims, or requests new ones. Simultaneous callers share one request. */
async function getGrant(): Promise<Grant> {
  if (held !== undefined && now().getTime() < held.until) return held.grant;
  asking ??= authorize(openFrame, 'none')
    .then(hold)
    .finally(() => {
      asking = undefined;
    });
  return asking;
}

/**
 * Returns a token that is valid for at least another minute. Throws {@link SignedOut} if the session has expired, other
 * errors if the server does not answer.
 */
export async function getToken(): Promise<string> {
  return (await getGrant()).token;
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Signs the operator in with a hidden request, if they have a session. Throws {@link SignedOut} if they have none. */
export async function signInSilently(): Promise<Operator> {
  const { sub, ...claims } = (await getGrant()).claims;
  const email = textOf(claims.email) ?? '';
  return { userId: sub, name: textOf(claims.name) ?? email, email };
}

/** Leads to the sign-in page. After the sign-in, the console opens at the current address. */
export function leaveToSignIn(): void {
  const { pathname, search } = window.location;
  const state = generateRandomState();
  window.sessionStorage.setItem(RETURN_KEY, `${pathname}${search}`);
  window.sessionStorage.setItem(STATE_KEY, state);
  window.location.assign(`/console/login?state=${state}`);
}

/** True if `state` is that of the sign-in that began in this browser. Forgets it, so that it counts once. */
export function takeBegun(state: string | null): boolean {
  const begun = window.sessionStorage.getItem(STATE_KEY);
  window.sessionStorage.removeItem(STATE_KEY);
  return begun !== null && begun === state;
}

/**
 * Returns the address at which the sign-in began, and forgets it. Undefined for a sign-in that began elsewhere, for
 * example at the link of an invitation.
 */
export function takeReturnAddress(): string | undefined {
  const address = window.sessionStorage.getItem(RETURN_KEY);
  window.sessionStorage.removeItem(RETURN_KEY);
  // Attack: open redirect. Only addresses of the console are accepted.
  return address?.startsWith('/console') ? address : undefined;
}

/**
 * Signs in again in a separate window, so that nothing on this page is lost. Throws if the window is closed or blocked,
 * or somebody else signs in.
 */
export async function signInBeside(): Promise<void> {
  held = undefined;
  hold(await authorize(openWindow, 'login'));
}

/** Revokes the session on the server, which then leads back to the console. */
export function signOut(): void {
  held = undefined;
  const returnTo = `${window.location.origin}/console?signed_out=1`;
  const query = new URLSearchParams({ client_id: readServerFacts().clientId, returnTo });
  window.location.assign(`/v2/logout?${query}`);
}
