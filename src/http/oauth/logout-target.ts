/**
 * Where a browser may go after a logout. An address is taken only if an administrator listed it: anything else would make
 * this server an open redirector, whose trusted name lends itself to phishing (RFC 9700 section 4.11). Pure.
 */
import type { LogoutTargets } from '../../ports/token-store.js';

/** Why a logout cannot go on; nothing has been ended. `technical` is for the engineer. */
export interface LogoutProblem {
  readonly problem: 'unreadable' | 'otherApplication' | 'unknownApplication' | 'unknownAddress';
  readonly technical: string;
}

/** Auth0's rule for returnTo: the part before query and fragment is compared character by character, those two are not. */
function isListedWithoutQuery(listed: readonly string[], url: string): boolean {
  return listed.includes(url) || listed.includes(url.replace(/[?#].*$/s, ''));
}

/** The allowed addresses: the client's list, or the tenant's where no client is named; an unknown client has none. */
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

/** /v2/logout: the address to go to, the first of the list when none was asked for, undefined when there is none. */
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

/** /oidc/logout: the address with `state`; compared exactly (OpenID Connect RP-Initiated Logout section 3). */
export function choosePostLogoutRedirect(
  targets: LogoutTargets,
  clientId: string | undefined,
  uri: string | undefined,
  state: string | undefined,
): string | undefined | LogoutProblem {
  const listed = listOf(targets, clientId);
  if ('problem' in listed) return listed;
  if (uri === undefined) return undefined;
  if (!listed.includes(uri)) return notListed('post_logout_redirect_uri', clientId);
  if (state === undefined || !URL.canParse(uri)) return uri;
  const url = new URL(uri);
  url.searchParams.append('state', state);
  return url.href;
}

/** Encodes line breaks, which would begin headers of their own (response splitting), and characters that Node sends in no header. */
export function toHeaderText(url: string): string {
  return url.replace(/[^\x21-\x7e]+/g, (text) => encodeURIComponent(text));
}
