/** Port: sends logout tokens to applications (OpenID Connect Back-Channel Logout 1.0). Never retries. */
import type { EndedSession } from '../domain/logout-notice.js';

/** `refused`: the application answered that the request is invalid. `failed`: no answer, or another one. */
export type LogoutDeliveryEnd =
  | { readonly kind: 'told' }
  | { readonly kind: 'refused' | 'failed'; readonly reason: string };

export interface LogoutDelivery {
  /** Signs a logout token and posts it to `url`. Never throws, and returns within the time limit of a request. */
  deliver(url: string, ended: EndedSession): Promise<LogoutDeliveryEnd>;
}
