/**
 * Reads an application's settings of back-channel logout from Auth0's JSON, which is stored unchanged. Must not be used
 * before {@link checkBackChannelLogout} accepted a request.
 */
import type { LogoutInitiator } from '../../domain/logout-notice.js';
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';

/** Logouts of which an application with a URL is always told, as on Auth0. */
const ALWAYS: ReadonlySet<string> = new Set<LogoutInitiator>(['rp-logout', 'idp-logout']);

/** The current name of the setting, and the older one that Auth0's API still has. */
const NAMES = ['oidc_logout', 'oidc_backchannel_logout'] as const;

interface Settings {
  readonly backchannel_logout_urls?: readonly string[];
  readonly backchannel_logout_initiators?: {
    readonly mode?: 'custom' | 'all';
    readonly selected_initiators?: readonly string[];
  };
}

/** The SQL expression of the URL of a client `c`; null for an application that is not told. */
export const LOGOUT_URL = `coalesce(${NAMES.map(
  (name) => `nullif(c.extra -> '${name}' -> 'backchannel_logout_urls' ->> 0, '')`,
).join(', ')})`;

const settingsOf = (extra: Wire, name: (typeof NAMES)[number]) => (extra[name] ?? {}) as Settings;

/**
 * Returns the URL to which this ending of a session is sent; undefined if the application does not want to be told of
 * it.
 */
export function logoutUrlFor(extra: Wire, initiator: string): string | undefined {
  const url = NAMES.map((name) => settingsOf(extra, name).backchannel_logout_urls?.[0]).find(Boolean);
  const { mode, selected_initiators = [] } = settingsOf(extra, 'oidc_logout').backchannel_logout_initiators ?? {};
  const isTold = mode === 'all' || ALWAYS.has(initiator) || selected_initiators.includes(initiator);
  return isTold ? url : undefined;
}

/**
 * Throws 400 unless each setting names at most one URL, with https and without a fragment (Back-Channel Logout 1.0,
 * section 2.2). Plain http is accepted for this machine alone, for development.
 */
export function checkBackChannelLogout(body: Wire): void {
  for (const name of NAMES) {
    const { backchannel_logout_urls: urls = [] } = settingsOf(body, name);
    if (urls.length > 1) throw badBody(`${name}.backchannel_logout_urls takes one URL, as on Auth0.`);
    for (const url of urls.filter((one) => one !== '')) {
      if (!isAcceptable(url))
        throw badBody(`${name}.backchannel_logout_urls takes a URL with https and without "#", not ${url}.`);
    }
  }
}

function isAcceptable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, hash } = new URL(text);
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return hash === '' && (protocol === 'https:' || (protocol === 'http:' && isHere));
}
