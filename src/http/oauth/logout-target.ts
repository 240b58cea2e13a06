/**
 * Decides where a browser may go after a logout. Accepts only addresses that an administrator listed. Anything else
 * would make this server an open redirector: phishing mails could use its trusted name (RFC 9700 section 4.11). Pure.
 */
import type { LogoutTargets } from '../../ports/token-store.js';

/** The reason why a logout was refused; nothing has been revoked. `technical` is for the engineer. */
export interface LogoutProblem {
  readonly problem: 'unreadable' | 'otherApplication' | 'unknownApplication' | 'unknownAddress';
  readonly technical: string;
}

/**
 * True if a list has the address, or the part before its query and fragment (Auth0's rule for `returnTo`). Compares
 * character by character.
 */
function isListedWithoutQuery(listed: readonly string[], url: string): boolean {
  return listed.includes(url) || listed.includes(url.replace(/[?#].*$/s, ''));
}

/** Returns the allowed addresses: the client's, or the tenant's when no client is named; none for an unknown client. */
function listOf(targets: LogoutTargets, clientId: string | undefined): readonly string[] | LogoutProblem {
  if (clientId === undefined) return targets.tenantLogoutUrls;
  if (targets.client !== undefined) return targets.client.logoutUrls;
  return {
    problem: 'unknownApplication',
    technical: 'unknown client_id',
  };
}

function notListed(parameter: string, clientId: string | undefined): LogoutProblem {
  const owner = clientId === undefined ? 'tenant' : 'application';
  return {
    problem: 'unknownAddress',
    technical: `${parameter} is not in the Allowed Logout URLs of the ${owner}`,
  };
}

/**
 * Chooses the address after /v2/logout: the requested one, which must be listed. If none is requested, the first listed
 * one; undefined when the list is empty.
 */
export function chooseReturnTo(
  targets: LogoutTargets,
  clientId: string | undefined,
  returnTo: string | undefined,
): string | undefined | LogoutProblem {
  const listed = listOf(targets, clientId);
  if ('problem' in listed) return listed;
  if (returnTo === undefined) return listed[0];
  return isListedWithoutQuery(listed, returnTo) ? returnTo : notListed('returnTo', clientId);
}

/**
 * Chooses the address after /oidc/logout, with `state` added. The requested address must equal a listed one exactly
 * (OpenID Connect RP-Initiated Logout section 3). If none is requested, it is the first one of the application that the
 * request names (`isNamed`), as Auth0's reference has it; undefined where the request names none.
 */
export function choosePostLogoutRedirect(
  targets: LogoutTargets,
  clientId: string | undefined,
  { uri, state, isNamed }: { uri: string | undefined; state: string | undefined; isNamed: boolean },
): string | undefined | LogoutProblem {
  const listed = listOf(targets, clientId);
  if ('problem' in listed) return listed;
  if (uri === undefined) return isNamed ? listed[0] : undefined;
  if (!listed.includes(uri)) return notListed('post_logout_redirect_uri', clientId);
  if (state === undefined || !URL.canParse(uri)) return uri;
  const url = new URL(uri);
  url.searchParams.append('state', state);
  return url.href;
}

/** Encodes characters that a header cannot have. Attack (response splitting): a line break begins a new header. */
export function toHeaderText(url: string): string {
  return url.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text));
}
