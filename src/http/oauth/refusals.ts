/**
 * All refusals of the token endpoint and of the endpoints beside it (RFC 6749 section 5.2). A refusal is a value, never
 * thrown. Statuses and texts are Auth0's where Auth0 has them (403 for `invalid_grant`, 401 `access_denied` for a wrong
 * secret). The application reads the description. Facts for the administrator alone go into `evidence`, and from there
 * into the log.
 */
import { describeAbsent, findAbsentGrant } from '../../facts/absent-addresses.js';
import { evidenceOfLimit } from '../../login/attempt-limits.js';
import type { PassedLimit } from '../../login/limits-ahead.js';
import { REFUSALS, type Refusal, type RefusalCode } from '../../login/refusals.js';
import type { ActionExecution } from '../../login/stages.js';
import type { LogEntry, Stage, TraceLine } from '../../ports/ledger.js';
import { TOKEN_CHECKS, type TokenCheck } from './checks.js';

export class OAuthRefusal {
  constructor(
    readonly status: number,
    /** The parameter `error` of RFC 6749 section 5.2. */
    readonly error: string,
    /** The parameter `error_description`. */
    readonly description: string,
    /** The check that refused, and the user and objects that it is about; for the log alone. */
    readonly evidence: {
      /** The check that refused; if an Action refused, the code of that refusal. */
      readonly check: TokenCheck | RefusalCode;
      readonly userId?: string;
      readonly email?: string;
      readonly organizationId?: string;
      readonly connectionId?: string;
      /** The Actions that ran before the refusal, for the log. */
      readonly actions?: readonly ActionExecution[];
      /** Facts that the check found, such as when a token had expired. */
      readonly facts?: Readonly<Record<string, unknown>>;
      /**
       * Replaces the description in the log: the message of an Action's exception, which only administrators may read.
       */
      readonly logged?: string;
    } = { check: 'request.malformed' },
    /** Seconds until another try can succeed, for the header Retry-After (RFC 9110 section 10.2.3). */
    readonly retryAfterSeconds?: number,
    /** Further members of the answer, such as an `mfa_token`. Never logged. */
    readonly members?: Readonly<Record<string, unknown>>,
  ) {}

  /** Returns the same refusal with more facts for the log, such as the user and the organization. */
  about(subject: Omit<OAuthRefusal['evidence'], 'check'>): OAuthRefusal {
    const { status, error, description, evidence, retryAfterSeconds, members } = this;
    return new OAuthRefusal(status, error, description, { ...subject, ...evidence }, retryAfterSeconds, members);
  }

  /** Returns the body of the answer. `reference` identifies the line in the log. */
  toJson(reference?: string): { readonly error: string; readonly error_description: string } {
    const { error, description: error_description, members } = this;
    return { error, error_description, ...members, ...(reference !== undefined && { error_reference: reference }) };
  }
}

type Evidence = OAuthRefusal['evidence'];

/**
 * Creates the refusal for an unknown client, a wrong secret and a missing one. All look the same, so that nobody can
 * find out client ids.
 */
export const unauthorized = (check: TokenCheck) => new OAuthRefusal(401, 'access_denied', 'Unauthorized', { check });

/**
 * Creates the refusal of an assertion that the application's own key signed. It gives the reason, since only the
 * application itself could have made that signature.
 */
export const invalidAssertion = (check: TokenCheck, description: string) =>
  new OAuthRefusal(401, 'invalid_client', `Client assertion refused: ${description}`, { check });

const secondsUntil = (end: Date, now: Date) => Math.max(1, Math.ceil((end.getTime() - now.getTime()) / 1000));

/** Creates the refusal after too many wrong answers to a second factor. A right one is refused, too. */
export function tooManyAnswers(passed: PassedLimit, now: Date): OAuthRefusal {
  const seconds = secondsUntil(passed.endsAt, now);
  const evidence = { check: 'factor.too_many_attempts', facts: evidenceOfLimit(passed) } as const;
  return new OAuthRefusal(429, 'too_many_attempts', 'Too many wrong codes. Try again later.', evidence, seconds);
}

/**
 * Creates the refusal after too many wrong secrets. Auth0's token endpoint gives the same error beyond its rate limits,
 * and clients heed the status and Retry-After (RFC 6585 section 4).
 */
export function tooManySecrets(passed: PassedLimit, now: Date): OAuthRefusal {
  const seconds = secondsUntil(passed.endsAt, now);
  const whose = passed.limit === 'for_client' ? 'for this client' : 'from this network';
  const description = `Too many wrong client secrets ${whose}. Try again in ${seconds} seconds, with the right one.`;
  const evidence = { check: 'client.too_many_attempts', facts: evidenceOfLimit(passed) } as const;
  return new OAuthRefusal(429, 'access_denied', description, evidence, seconds);
}

export const missingParameter = (name: string) =>
  new OAuthRefusal(400, 'invalid_request', `Missing required parameter: ${name}`);

export const invalidRequest = (description: string) => new OAuthRefusal(400, 'invalid_request', description);

export const invalidCode = (evidence: Evidence) =>
  new OAuthRefusal(403, 'invalid_grant', 'Invalid authorization code', evidence);

export const invalidRefreshToken = (evidence: Evidence) =>
  new OAuthRefusal(403, 'invalid_grant', 'Unknown or invalid refresh token.', evidence);

/** Most characters of a requested API in an answer and in the log. RFC 6749 section 5.2 limits which ones. */
const SHOWN_AUDIENCE = 300;

/**
 * Creates the refusal of an API that no policy of the application names (RFC 8707 section 2). The first three words are
 * those by which auth0-spa-js goes on with a hidden frame.
 */
export function noPolicy(audience: string): OAuthRefusal {
  const shown = audience.slice(0, SHOWN_AUDIENCE).replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?');
  const description = `Missing Refresh Token (audience: '${shown}'): refresh_token.policies of the application names no such API`;
  return new OAuthRefusal(400, 'invalid_target', description, {
    check: 'refresh_token.no_policy',
    facts: { audience: shown },
  });
}

export const invalidGrant = (description: string, evidence: Evidence) =>
  new OAuthRefusal(403, 'invalid_grant', description, evidence);

export const accessDenied = (description: string, evidence: Evidence) =>
  new OAuthRefusal(403, 'access_denied', description, evidence);

export const grantTypeNotAllowed = (grantType: string) =>
  new OAuthRefusal(403, 'unauthorized_client', `Grant type '${grantType}' not allowed for the client.`, {
    check: 'client.grant_type',
  });

/** Creates the refusal of an unknown grant. One of Auth0's that is not here says so, and names what to use. */
export function unsupportedGrantType(grantType: string): OAuthRefusal {
  const absent = findAbsentGrant(grantType);
  const description = absent === undefined ? 'Grant type not supported' : describeAbsent(absent);
  return new OAuthRefusal(400, 'unsupported_grant_type', description, { check: 'request.grant_type' });
}

/**
 * Creates the refusal for an Action that denied the request, failed or did not finish. As on Auth0, a denial is
 * `access_denied` with the Action's reason. An exception's message is for the log alone. Only `act.busy` has status
 * 503, because only then can another try succeed.
 */
export function refusedByAction(refusal: Refusal, evidence: Omit<Evidence, 'check'>): OAuthRefusal {
  const { oauthError } = REFUSALS[refusal.code];
  const status = refusal.code === 'act.busy' ? 503 : 403;
  const { logged } = refusal;
  const inLog = logged !== undefined && { logged, facts: { ...evidence.facts, message: logged } };
  return new OAuthRefusal(status, oauthError, refusal.description, { ...evidence, ...inLog, check: refusal.code });
}

/**
 * Returns the login step and the rule name that a check has in a log line's trace. A check that logins make too has the
 * same rule name as in a login's trace.
 */
function ruleOf(check: TokenCheck | RefusalCode): readonly [Stage, string] {
  const [kind = '', name = ''] = check.split('.');
  if (check in TOKEN_CHECKS) return [TOKEN_CHECKS[check as TokenCheck], kind === 'standing' ? name : `${kind}_${name}`];
  return [kind as Stage, name];
}

/**
 * Returns the parts of a log line that come from the refusal (rule, person, evidence), in the form of a login's line.
 */
export function lineOf(refusal: OAuthRefusal): Partial<LogEntry> & Pick<LogEntry, 'details'> {
  const { check, actions, email, facts, logged, ...about } = refusal.evidence;
  const [stage, rule] = ruleOf(check);
  const evidence = {
    detail: refusal.description,
    ...(about.userId !== undefined && { user_id: about.userId }),
    ...(email !== undefined && { email }),
    ...facts,
  };
  const trace: readonly TraceLine[] = [{ stage, rule, answer: 'refuse', evidence }];
  return {
    ...about,
    description: logged ?? refusal.description,
    details: {
      error: refusal.error,
      check,
      ...(email !== undefined && { email }),
      trace,
      ...(actions?.length && { actions }),
    },
  };
}
