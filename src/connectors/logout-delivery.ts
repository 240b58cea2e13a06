/**
 * Posts logout tokens to applications (OpenID Connect Back-Channel Logout 1.0, section 2.5). Only an answer 2xx counts
 * as confirmed; 400 means that the application cannot use the token (section 2.8). A redirect is a failure and is never followed: it would carry the token to another server.
 */
import type { LogoutDelivery } from '../ports/logout-delivery.js';
import type { TokenIssuer } from '../ports/token-issuer.js';
import { findOutboundError } from './outbound/error.js';
import type { OutboundFetch } from './outbound/fetch.js';

/** Creates the port {@link LogoutDelivery}. `fetch` limits the time, and refuses private networks. */
export function createLogoutDelivery(
  fetch: OutboundFetch,
  issuer: Pick<TokenIssuer, 'issueLogoutToken'>,
): LogoutDelivery {
  return {
    async deliver(url, ended) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      try {
        // Signed for each try: a token is valid for two minutes.
        const body = new URLSearchParams({ logout_token: await issuer.issueLogoutToken(ended) }).toString();
        const { status } = await fetch(url, { method: 'POST', headers, body });
        if (status >= 200 && status < 300) return { kind: 'told' };
        return { kind: status === 400 ? 'refused' : 'failed', reason: `the application answered ${status}` };
      } catch (error) {
        const known = findOutboundError(error);
        return { kind: 'failed', reason: known?.message ?? 'the request could not be made' };
      }
    },
  };
}
