/**
 * Every check by which the token endpoint refuses, with the step of a login that it belongs to, as the trace of its line in the log has
 * it. docs/errors.md says of each when it happens; a test keeps the two equal. Checks nothing itself.
 */
import type { Stage } from '../../ports/ledger.js';

export const TOKEN_CHECKS = {
  'request.malformed': 'identify',
  'request.grant_type': 'identify',
  'client.unknown': 'identify',
  'client.basic_unreadable': 'identify',
  'client.no_secret': 'identify',
  'client.wrong_secret': 'identify',
  'client.public_with_secret': 'identify',
  'client.wrong_method': 'identify',
  'client.assertion_unreadable': 'identify',
  'client.assertion_signature': 'identify',
  'client.assertion_claims': 'identify',
  'client.assertion_replayed': 'identify',
  'client.key_expired': 'identify',
  'client.too_many_attempts': 'identify',
  'client.grant_type': 'identify',
  'grant.unknown_audience': 'identify',
  'grant.none': 'identify',
  'grant.scope': 'identify',
  'grant.api_closed': 'identify',
  'grant.organization': 'identify',
  'code.unknown': 'authenticate',
  'code.other_client': 'authenticate',
  'code.replayed': 'authenticate',
  'code.expired': 'authenticate',
  'code.redirect_uri': 'authenticate',
  'pkce.downgrade': 'authenticate',
  'pkce.required': 'authenticate',
  'pkce.syntax': 'authenticate',
  'pkce.mismatch': 'authenticate',
  'refresh_token.unknown': 'authenticate',
  'refresh_token.other_client': 'authenticate',
  'refresh_token.revoked': 'authenticate',
  'refresh_token.reused': 'authenticate',
  'refresh_token.expired': 'authenticate',
  'refresh_token.idle': 'authenticate',
  'refresh_token.moved': 'authenticate',
  'standing.user_blocked': 'admit',
  'standing.organization_blocked': 'admit',
  'standing.connection_not_enabled': 'admit',
  'standing.identity_unbound': 'admit',
  'standing.organization_needed': 'admit',
  'standing.sso_required': 'admit',
  'standing.not_a_member': 'admit',
} as const satisfies Readonly<Record<string, Stage>>;

export type TokenCheck = keyof typeof TOKEN_CHECKS;
