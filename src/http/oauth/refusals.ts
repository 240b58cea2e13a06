/**
 * Every "no" of the token endpoint and its neighbours, as RFC 6749 section 5.2 shapes it: a value, never thrown. Statuses
 * and texts are Auth0's where it has them (403 for `invalid_grant`, 401 `access_denied` for a wrong secret). Descriptions go
 * to the application; what only an administrator may see goes into `evidence` and from there into the log.
 */
import { REFUSALS, type Refusal } from '../../login/refusals.js';
import type { ActionExecution } from '../../login/stages.js';
import type { LogEntry } from '../../ports/ledger.js';

export class OAuthRefusal {
  constructor(
    readonly status: number,
    /** `error` of RFC 6749 section 5.2. */
    readonly error: string,
    /** `error_description`. */
    readonly description: string,
    /** Which user, organization and check it was; only for the log. */
    readonly evidence: {
      readonly check?: string;
      readonly userId?: string;
      readonly organizationId?: string;
      readonly connectionId?: string;
      /** What ran of the tenant's own code. */
      readonly actions?: readonly ActionExecution[];
    } = {},
  ) {}

  toJson(): { readonly error: string; readonly error_description: string } {
    return { error: this.error, error_description: this.description };
  }
}

type Evidence = OAuthRefusal['evidence'];

/** Unknown client, wrong secret, missing secret: one answer, so that client ids cannot be guessed. */
export const unauthorized = (check: string) => new OAuthRefusal(401, 'access_denied', 'Unauthorized', { check });

export const missingParameter = (name: string) =>
  new OAuthRefusal(400, 'invalid_request', `Missing required parameter: ${name}`);

export const invalidRequest = (description: string) => new OAuthRefusal(400, 'invalid_request', description);

export const invalidCode = (evidence: Evidence) =>
  new OAuthRefusal(403, 'invalid_grant', 'Invalid authorization code', evidence);

export const invalidRefreshToken = (evidence: Evidence) =>
  new OAuthRefusal(403, 'invalid_grant', 'Unknown or invalid refresh token.', evidence);

export const invalidGrant = (description: string, evidence: Evidence) =>
  new OAuthRefusal(403, 'invalid_grant', description, evidence);

export const accessDenied = (description: string, evidence: Evidence = {}) =>
  new OAuthRefusal(403, 'access_denied', description, evidence);

export const grantTypeNotAllowed = (grantType: string) =>
  new OAuthRefusal(403, 'unauthorized_client', `Grant type '${grantType}' not allowed for the client.`);

export const unsupportedGrantType = () => new OAuthRefusal(400, 'unsupported_grant_type', 'Grant type not supported');

/**
 * The tenant's code said no, or did not come to its end: Auth0 answers with `access_denied` and the reason, or the message of what was
 * thrown. Only "too busy" is worth another try.
 */
export function refusedByAction(refusal: Refusal, evidence: Evidence): OAuthRefusal {
  const { oauthError } = REFUSALS[refusal.code];
  const status = refusal.code === 'act.busy' ? 503 : 403;
  return new OAuthRefusal(status, oauthError, refusal.description, { ...evidence, check: refusal.code });
}

/** The parts of a log line that a refusal knows. */
export function evidenceOf(refusal: OAuthRefusal): Partial<LogEntry> & Pick<LogEntry, 'details'> {
  const { check, actions, ...about } = refusal.evidence;
  return {
    ...about,
    description: refusal.description,
    details: { error: refusal.error, ...(check && { check }), ...(actions?.length && { actions }) },
  };
}
