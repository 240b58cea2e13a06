/**
 * Notices of OpenID Connect Back-Channel Logout 1.0: they tell an application that a user's session has ended. Other
 * modules send them.
 */

/** Reasons for which a session ends, in Auth0's words ("OIDC Back-Channel Logout Initiators"). */
export const LOGOUT_INITIATORS = [
  'rp-logout',
  'idp-logout',
  'password-changed',
  'session-expired',
  'session-revoked',
  'account-deleted',
  'email-identifier-changed',
  'mfa-phone-unenrolled',
  'account-deactivated',
] as const;

export type LogoutInitiator = (typeof LOGOUT_INITIATORS)[number];

/** An ended session, for one application. */
export interface EndedSession {
  readonly clientId: string;
  readonly userId: string;
  readonly sessionId: string;
}
