/** The parts that the grants of the token endpoint share: their input, their outcome, the log lines of success and refusal. */
import { newLogId, newReference } from '../../kernel/ids.js';
import type { ActionExecution } from '../../login/stages.js';
import type { LogEntry } from '../../ports/ledger.js';
import type { TokenOrganization } from '../../ports/token-issuer.js';
import type { GrantOrganization, TokenClient } from '../../ports/token-store.js';
import type { ClientCredentials } from './client-authentication.js';
import type { OAuthDependencies } from './dependencies.js';
import type { Parameters } from './parameters.js';
import { lineOf, type OAuthRefusal } from './refusals.js';

export interface TokenRequest {
  readonly parameters: Parameters;
  readonly credentials: ClientCredentials;
  readonly ip: string;
  readonly userAgent: string | undefined;
  readonly language: string | undefined;
  /** False once the application's connection has closed. */
  readonly isWanted: () => boolean;
}

/** RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3. */
export interface TokenResponse {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  /** Seconds. */
  readonly expires_in: number;
  readonly token_type: 'Bearer';
}

export interface GrantOutcome {
  /** The client as it was read, authenticated or not; undefined when there is none of that id. */
  readonly client: TokenClient | undefined;
  readonly answer: TokenResponse | OAuthRefusal;
}

export type Grant = (deps: OAuthDependencies, request: TokenRequest) => Promise<GrantOutcome>;

/** Parameters that Actions may not see: their code is the tenant's, and its output is kept. */
const SECRET_PARAMETERS: ReadonlySet<string> = new Set([
  'client_secret',
  'client_assertion',
  'refresh_token',
  'code',
  'code_verifier',
  'password',
  'token',
  'subject_token',
  'actor_token',
  'assertion',
]);

/** Auth0's `event.request.body`. */
export function bodyForActions(parameters: Parameters): Readonly<Record<string, string>> {
  return Object.fromEntries([...parameters].filter(([name]) => !SECRET_PARAMETERS.has(name)));
}

/** Lifetime of an access token that is for /userinfo only: Auth0's figure. */
export const USERINFO_TOKEN_LIFETIME_SECONDS = 86_400;

/** How tokens name the organization: with its name only where the tenant allows names. */
export function toTokenOrganization(
  organization: GrantOrganization | undefined,
  namesInTokens: boolean,
): TokenOrganization | undefined {
  return organization && { id: organization.id, name: namesInTokens ? organization.name : undefined };
}

/** The log line of a success; user, client and organization are taken from the row that the same statement writes. */
export function successLine(
  deps: OAuthDependencies,
  request: TokenRequest,
  type: string,
  description: string,
  executions: readonly ActionExecution[] = [],
): LogEntry {
  const date = deps.clock.now();
  return {
    logId: newLogId(deps.entropy, date),
    date,
    type,
    description,
    ip: request.ip,
    ...(request.userAgent !== undefined && { userAgent: request.userAgent }),
    details: executions.length > 0 ? { actions: executions } : {},
  };
}

/**
 * The log line of a refusal, and its number. It names the user and the organization that were found, and none of the credentials presented.
 * The request has proof when it had the application's secret, or a code or token that is one of ours.
 */
export function failureLine(
  deps: OAuthDependencies,
  request: TokenRequest,
  type: string,
  client: TokenClient,
  refusal: OAuthRefusal,
): { readonly line: LogEntry; readonly reference: string } {
  const { details, ...rest } = lineOf(refusal);
  const { check, userId } = refusal.evidence;
  const isAuthenticated = client.tokenEndpointAuthMethod !== 'none' && !check.startsWith('client.');
  const reference = newReference(deps.entropy);
  const line = {
    ...successLine(deps, request, type, ''),
    clientId: client.clientId,
    ...rest,
    hasProof: isAuthenticated || userId !== undefined,
    details: { ...details, reference },
  };
  return { line, reference };
}
