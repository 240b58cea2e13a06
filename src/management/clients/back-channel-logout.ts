/**
 * Checks an application's settings of back-channel logout. They are stored as they are sent. SQL functions read them
 * (sql/0002_logout_notices.sql).
 */
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';

/** The current name of the setting, and the older one that Auth0's API still has. */
const NAMES = ['oidc_logout', 'oidc_backchannel_logout'] as const;

/**
 * Throws 400 unless each setting names at most one URL, with https and without a fragment (Back-Channel Logout 1.0,
 * section 2.2). Plain http is accepted for this machine alone, for development.
 */
export function checkBackChannelLogout(body: Wire): void {
  for (const name of NAMES) {
    const { backchannel_logout_urls: urls = [] } = (body[name] ?? {}) as {
      readonly backchannel_logout_urls?: readonly string[];
    };
    if (urls.length > 1) throw badBody(`${name}.backchannel_logout_urls takes one URL, as on Auth0.`);
    for (const url of urls.filter((one) => one !== '')) {
      if (!isAcceptable(url))
        throw badBody(`${name}.backchannel_logout_urls takes a URL with https and without "#", not ${url}.`);
    }
  }
}

function isAcceptable(text: string): boolean {
  if (!URL.canParse(text) || text.includes('#')) return false;
  const { protocol, hostname } = new URL(text);
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
  return protocol === 'https:' || (protocol === 'http:' && isHere);
}

const isSettings = (value: unknown): value is Wire =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The initiators that Auth0 shows when an application chose none. This server always notifies about these two. */
const USUAL_INITIATORS = { mode: 'custom', selected_initiators: ['rp-logout', 'idp-logout'] } as const;

/**
 * Returns both names of the setting as answers show them: Auth0 shows the URL under the older name, too. `kept`: the
 * settings as they are stored. Empty when `oidc_logout` is not set.
 */
export function toLogoutWire(kept: Wire): Wire {
  const { oidc_logout: logout, oidc_backchannel_logout: older } = kept;
  if (!isSettings(logout)) return {};
  const { backchannel_logout_urls: urls } = logout;
  return {
    oidc_logout: { backchannel_logout_initiators: USUAL_INITIATORS, ...logout },
    oidc_backchannel_logout: {
      ...(isSettings(older) ? older : {}),
      ...(urls !== undefined && { backchannel_logout_urls: urls }),
    },
  };
}

/**
 * Returns the body in which `oidc_logout` has replaced the older name, as in the stored settings: an answer that is sent
 * back has both. Otherwise a URL that the operator removes stays stored under the older name, and gets logout tokens.
 */
export function withNewerLogout(body: Wire): Wire {
  const { oidc_logout: logout, oidc_backchannel_logout: older } = body;
  if (logout === undefined) return body;
  const hasUrls = isSettings(logout) && logout.backchannel_logout_urls !== undefined;
  // The older name counts where the request has it and the newer one has no URLs of its own.
  return !hasUrls && isSettings(older) ? body : { ...body, oidc_backchannel_logout: null };
}
