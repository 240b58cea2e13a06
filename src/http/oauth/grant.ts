/** Shared parts of the token endpoint's grants: input, outcome, and the log lines of success and refusal. */
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
  /** Returns false once the application has closed its HTTP connection. */
  readonly isWanted: () => boolean;
}

/** RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3. */
export interface TokenResponse {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  /** Lifetime of the access token, in seconds. */
  readonly expires_in: number;
  readonly token_type: 'Bearer';
}

export interface GrantOutcome {
  /** The client as read, authenticated or not; undefined when no client has that id. */
  readonly client: TokenClient | undefined;
  readonly answer: TokenResponse | OAuthRefusal;
}

export type Grant = (deps: OAuthDependencies, request: TokenRequest) => Promise<GrantOutcome>;

/** Parameters that Actions may not see: their code is the tenant's, and its output is stored. */
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

/** Returns the parameters that Actions see as `event.request.body`, without secrets. */
export function bodyForActions(parameters: Parameters): Readonly<Record<string, string>> {
  return Object.fromEntries([...parameters].filter(([name]) => !SECRET_PARAMETERS.has(name)));
}

/** Lifetime in seconds of an access token for /userinfo only: Auth0's figure. */
export const USERINFO_TOKEN_LIFETIME_SECONDS = 86_400;

/** Returns the organization for tokens, with its name only if the tenant allows names. */
export function toTokenOrganization(
  organization: GrantOrganization | undefined,
  namesInTokens: boolean,
): TokenOrganization | undefined {
  return organization && { id: organization.id, name: namesInTokens ? organization.name : undefined };
}

/** Builds the log line of a success; the statement takes user, client and organization from the row that it writes. */
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
 * Builds the log line of a refusal, and its number. Names the user and the organization that were found, and none of
 * the presented credentials. The request counts as proved with the application's secret, or with a code or token of
 * ours.
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
