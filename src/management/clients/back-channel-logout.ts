/**
 * Checks an application's settings of back-channel logout in a request. The functions that read these settings are in
 * fields.ts.
 */
import { badBody } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { LOGOUT_SETTINGS, logoutSettingsOf } from './fields.js';

/**
 * Throws 400 unless each setting names at most one URL, with https and without a fragment (Back-Channel Logout 1.0,
 * section 2.2). Plain http is accepted only for the server's own machine, for development.
 */
export function checkBackChannelLogout(body: Wire): void {
  for (const name of LOGOUT_SETTINGS) {
    const { backchannel_logout_urls: urls = [] } = logoutSettingsOf(body, name);
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
