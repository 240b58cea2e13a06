/** Parts that all grants of the token endpoint share: input, outcome, and the log lines of success and refusal. */
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
  /** Returns true if the node stood still while the request waited or was served. Its sender may have given up. */
  readonly isLate: () => boolean;
}

/** The answer of the token endpoint (RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3). */
export interface TokenResponse {
  readonly access_token: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
  readonly scope?: string;
  /** Lifetime of the access token, in seconds. */
  readonly expires_in: number;
  readonly token_type: 'Bearer';
  /** The new recovery code, after the earlier one was used. */
  readonly recovery_code?: string;
}

export interface GrantOutcome {
  /** The client as stored, even if it failed to authenticate; undefined when no client has that id. */
  readonly client: TokenClient | undefined;
  readonly answer: TokenResponse | OAuthRefusal;
  /** Headers of the answer, such as the state of a quota. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type Grant = (deps: OAuthDependencies, request: TokenRequest) => Promise<GrantOutcome>;

/** Parameters that Actions may not see: Actions are the tenant's own code, and their console output is stored. */
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
  'mfa_token',
  'otp',
  'oob_code',
  'binding_code',
  'recovery_code',
]);

/** Returns the parameters that Actions see as `event.request.body`, without secrets. */
export function bodyForActions(parameters: Parameters): Readonly<Record<string, string>> {
  return Object.fromEntries([...parameters].filter(([name]) => !SECRET_PARAMETERS.has(name)));
}

/** Lifetime of an access token that is only for /userinfo, in seconds; the same as on Auth0. */
export const USERINFO_TOKEN_LIFETIME_SECONDS = 86_400;

/** Returns the organization as tokens name it. Its name is included only if the tenant allows that. */
export function toTokenOrganization(
  organization: GrantOrganization | undefined,
  namesInTokens: boolean,
): TokenOrganization | undefined {
  return organization && { id: organization.id, name: namesInTokens ? organization.name : undefined };
}

/**
 * Builds the log line of a success. The caller's statement adds user, client and organization from the row that it
 * writes.
 */
export function successLine(
  deps: OAuthDependencies,
  request: TokenRequest,
  type: string,
  description: string,
  { at: date, executions = [] }: { readonly at: Date; readonly executions?: readonly ActionExecution[] | undefined },
): LogEntry {
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
 * Builds the log line of a refusal, and the reference that the answer shows. The line names the user and organization
 * that were found, but none of the presented credentials. `hasProof` is true if the application authenticated, or
 * presented a code or token that this server issued.
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
    ...successLine(deps, request, type, '', { at: deps.clock.now() }),
    clientId: client.clientId,
    ...rest,
    hasProof: isAuthenticated || userId !== undefined,
    details: { ...details, reference },
  };
  return { line, reference };
}
