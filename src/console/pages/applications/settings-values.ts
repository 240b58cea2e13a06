/** Labels of an application's settings, which documents quote too, and a new application's defaults. Pure. */
import type { OfferedType } from './answers.js';

export const SETTINGS_LABELS = {
  name: 'Name',
  callbacks: 'Callback addresses',
  logoutUrls: 'Sign-out addresses',
  origins: 'Web origins',
  loginUri: 'Sign-in start address',
  noticeUrl: 'Back-channel logout address',
  notices: 'Back-channel logout is sent',
  usage: 'Sign-in with an organization',
  behavior: 'How the organization is chosen',
  refusals: 'Refused people',
  grantTypes: 'Grant types',
  idTokenSeconds: 'ID token lifetime',
  rotates: 'Rotate refresh tokens',
  refreshSeconds: 'Refresh token lifetime',
  idleSeconds: 'Idle refresh token lifetime',
} as const;

/**
 * Returns a new application with defaults. People sign in to an organization; a request without one shows a prompt, so
 * that the ready code works before anything else is set. A refused person reads why here, because most frameworks do not
 * show it.
 */
export function toNewClient(name: string, kind: OfferedType) {
  const people = {
    organization_usage: 'require',
    organization_require_behavior: 'pre_login_prompt',
    refusals: 'page',
  } as const;
  // By default the API gives machines the grants of people too, as Auth0 does. So this names the right grant.
  return { name, app_type: kind, ...(kind === 'non_interactive' ? { grant_types: ['client_credentials'] } : people) };
}
