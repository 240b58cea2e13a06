/**
 * grant_type=refresh_token (RFC 6749 section 6): one read, one write, and between them the tenant's Actions, if any are
 * bound. With rotation a token works once. An application that lost the answer may use it again within the client's
 * leeway. A later use means that somebody else has the token, so the family of tokens is revoked (RFC 9700 section
 * 4.14.2). A rotation whose new token this server gave to nobody is undone, and counts as none (ADR 0097).
 */

import type { FactorKind } from '../../domain/factors/factor.js';
import { Fault } from '../../kernel/errors.js';
import type { ActionExecution } from '../../login/stages.js';
import { askAtRefresh, type RefreshDecision } from '../../login/tenant-code/refresh-actions.js';
import type { FactorClaim } from '../../ports/factor-store.js';
import type { OpaqueReference } from '../../ports/token-issuer.js';
import type { Presented, RefreshGrant, RefreshWrites, TokenClient } from '../../ports/token-store.js';
import type { TokenCheck } from './checks.js';
import { authenticateClient } from './client-authentication.js';
import type { OAuthDependencies } from './dependencies.js';
import { requireFactor } from './factors/require-factor.js';
import { bodyForActions, type GrantOutcome, successLine, type TokenRequest, type TokenResponse } from './grant.js';
import { earlier, type IssuePlan, idleExpiry, planIssue, prepareAnswer, toTokenRequests } from './issue-tokens.js';
import {
  grantTypeNotAllowed,
  invalidGrant,
  invalidRefreshToken,
  missingParameter,
  OAuthRefusal,
  refusedByAction,
  unauthorized,
} from './refusals.js';
import { type AskedApi, otherApi, toRequested } from './requested-api.js';
import { checkStillValid, subjectOf } from './still-valid.js';

const GRANT_TYPE = 'refresh_token';

/** A refresh token that is stored, with the application that presented it. */
export interface FoundRefresh extends Presented<RefreshGrant> {
  readonly grant: RefreshGrant;
}

/** True when the token was replaced too long ago, or when the token that replaced it has been used. */
function isReused(client: TokenClient, grant: RefreshGrant, now: Date): boolean {
  if (grant.rotatedAt === undefined) return false;
  const leewayEnds = grant.rotatedAt.getTime() + client.refreshLeewaySeconds * 1000;
  return !client.refreshRotating || grant.successorUsed || now.getTime() >= leewayEnds;
}

function checkGrantType({ grantTypes }: TokenClient): OAuthRefusal | undefined {
  return grantTypes.includes(GRANT_TYPE) ? undefined : grantTypeNotAllowed(GRANT_TYPE);
}

/**
 * Checks `allow_offline_access` of the API of the login. When it is turned off, tokens issued before are refused, whatever
 * API is asked for.
 */
function checkOfflineAccess({ loginAllowsOffline, issuedFor }: RefreshGrant): OAuthRefusal | undefined {
  if (loginAllowsOffline) return undefined;
  return invalidGrant(`The API ${issuedFor.audience} does not allow offline access any more`, {
    check: 'refresh_token.offline_access',
  });
}

/** Checks a refresh token, and whether its person may still sign in. Returns the refusal of the first check that fails. */
export function checkRefreshToken({ client, grant }: FoundRefresh, now: Date): OAuthRefusal | undefined {
  const no = (check: TokenCheck, facts: Readonly<Record<string, unknown>> = {}) =>
    invalidRefreshToken({ check, facts });
  // A refresh token is bound to the client that it was issued to (RFC 6749 section 10.4).
  if (grant.clientId !== client.clientId) return no('refresh_token.other_client');
  if (grant.familyRevoked) return no('refresh_token.revoked');
  if (isReused(client, grant, now)) return no('refresh_token.reused', { rotated_at: grant.rotatedAt });
  if (grant.expiresAt.getTime() <= now.getTime()) return no('refresh_token.expired', { expired_at: grant.expiresAt });
  if (grant.idleExpiresAt.getTime() <= now.getTime())
    return no('refresh_token.idle', { expired_at: grant.idleExpiresAt });
  return checkOfflineAccess(grant) ?? checkStillValid(client, grant);
}

/** The decision of Actions that allowed the exchange; undefined when none are bound. */
type Agreed = Extract<RefreshDecision, { readonly kind: 'agreed' }> | undefined;

/** A second factor that the person passed for an exchange (factors/grant-factor.ts). */
export interface PassedForExchange {
  readonly kind: FactorKind;
  readonly at: Date;
  /**
   * Returns the claim, whose lines and mails have the time of the exchange, as the factor itself. The time of the answer
   * would be seconds too early. Attack: a token that was issued meanwhile counts as one that a factor was passed for.
   */
  readonly claim: (at: Date) => FactorClaim;
  /** Auth0's type of the log line. */
  readonly type: string;
  readonly refuse: (outcome: 'spent' | 'factor') => OAuthRefusal;
}

interface Exchange {
  readonly token: OpaqueReference;
  readonly plan: IssuePlan;
  readonly asked: AskedApi;
  readonly factor?: PassedForExchange;
}

const NO_PATCH = { set: {}, remove: [] };
const NO_WRITES: RefreshWrites = {
  ...{ userMetadata: NO_PATCH, appMetadata: NO_PATCH, tokenMetadata: NO_PATCH, sessionMetadata: NO_PATCH },
  ...{ sessionExpiresAt: undefined, sessionIdleExpiresAt: undefined },
};

async function rotate(
  deps: OAuthDependencies,
  request: TokenRequest,
  found: FoundRefresh,
  exchange: Exchange & { readonly agreed: Agreed },
): Promise<TokenResponse | OAuthRefusal> {
  const { client, grant } = found;
  const { token, plan, agreed, factor } = exchange;
  const passed = factor && { nonce: undefined, factorPassed: true };
  const answer = await prepareAnswer(deps, toTokenRequests(found, grant, plan, passed));
  if (answer instanceof OAuthRefusal) return answer.about({ actions: agreed?.executions ?? [] });
  const at = deps.clock.now();
  const expiresAt = earlier(grant.expiresAt, agreed?.wishes?.refreshExpiresAt);
  const idleExpiresAt = earlier(idleExpiry(client, at, expiresAt), agreed?.wishes?.refreshIdleExpiresAt);
  const refresh = client.refreshRotating ? deps.opaque.newRefreshToken(grant.user.userId) : undefined;
  const what = factor ? 'Second factor and refresh token exchanged for tokens' : 'Refresh token exchanged for tokens';
  const line = successLine(deps, request, factor?.type ?? 'sertft', what, { at, executions: agreed?.executions });
  const api = otherApi(grant);
  const command = {
    token,
    at,
    otherApi: api,
    leewaySeconds: client.refreshLeewaySeconds,
    idleExpiresAt,
    next: refresh && { hash: refresh.hash, expiresAt, idleExpiresAt },
    log: {
      ...line,
      // The line of an exchange for the login's API says no more than that it was one.
      ...(api !== undefined && { details: { ...line.details, audience: api, scope: plan.scope } }),
      userId: grant.user.userId,
      ...(grant.organization && { organizationId: grant.organization.id }),
    },
  };
  const written = agreed && { writes: agreed.writes, expiresAt };
  const [outcome, tokens] = await Promise.all([
    factor === undefined
      ? deps.store.exchangeRefreshToken({ ...command, afterActions: written })
      : deps.factors.exchange(
          { ...command, afterActions: written ?? { writes: NO_WRITES, expiresAt } },
          factor.claim(at),
        ),
    answer.sign(),
  ]);
  // The connection was closed meanwhile, or the sender may have given up: the new token must not count as given.
  const isLate = refresh !== undefined && request.isLate();
  if (outcome === 'exchanged' && refresh && (isLate || !request.isWanted()))
    deps.store.takeBack({ token, nextHash: refresh.hash, at });
  if (isLate) throw tooLate();
  const actions = agreed?.executions ?? [];
  if ((outcome === 'spent' || outcome === 'factor') && factor) return factor.refuse(outcome).about({ actions });
  if (outcome === 'reused') return invalidRefreshToken({ check: 'refresh_token.reused', actions });
  if (outcome === 'moved') return refuseMoved(deps, client, exchange, actions);
  return refresh === undefined ? tokens : { ...tokens, refresh_token: refresh.value };
}

function checkAgain(deps: OAuthDependencies, found: FoundRefresh, asked: AskedApi): OAuthRefusal | undefined {
  const refusal = checkGrantType(found.client) ?? checkRefreshToken(found, deps.clock.now());
  if (refusal) return refusal;
  const grant = toRequested(deps.origin, found.grant, asked);
  if (grant instanceof OAuthRefusal) return grant;
  const plan = planIssue(deps.origin, found.client, grant, undefined);
  return plan instanceof OAuthRefusal ? plan : undefined;
}

/**
 * Refuses when something that the token depends on was removed while Actions ran. Reads the data again to find the
 * check that the refusal names.
 */
async function refuseMoved(
  deps: OAuthDependencies,
  client: TokenClient,
  { token, asked }: Exchange,
  actions: readonly ActionExecution[],
): Promise<OAuthRefusal> {
  const now = await deps.store.findRefreshGrant(client.clientId, token, asked.audience);
  const refusal = now?.grant && checkAgain(deps, { ...now, grant: now.grant }, asked);
  const moved = refusal ?? invalidRefreshToken({ check: 'refresh_token.moved' });
  return moved.about({ actions });
}

/**
 * Refuses because Actions denied the exchange or failed. Rotates nothing. Revokes the token or session that the Actions
 * wanted to revoke.
 */
async function refuseDenied(
  deps: OAuthDependencies,
  grant: RefreshGrant,
  { refusal, ends, executions }: Extract<RefreshDecision, { readonly kind: 'denied' }>,
): Promise<OAuthRefusal> {
  const { userId } = grant.user;
  const at = deps.clock.now();
  // Revokes the tokens together with their session: otherwise the application could continue with the token that it
  // just presented.
  if (ends !== undefined) await deps.store.revokeFamily(userId, grant.familyId, at);
  if (ends === 'session' && grant.sessionId !== undefined) await deps.store.revokeSession(userId, grant.sessionId, at);
  return refusedByAction(refusal, { actions: executions });
}

/**
 * Reads permissions, client grants and policies again after Actions, which may take seconds. A permission removed
 * meanwhile is not in the token. Reads nothing if the API checks none of them.
 */
async function readRightsAgain(
  deps: OAuthDependencies,
  { client, grant }: FoundRefresh,
  { token, asked }: Exchange,
): Promise<RefreshGrant | OAuthRefusal> {
  const { permitted, clientScopes, policies } = grant;
  if (permitted === undefined && clientScopes === undefined && policies.length === 0) return grant;
  const now = (await deps.store.findRefreshGrant(client.clientId, token, asked.audience))?.grant;
  const rights = { api: now?.api, permitted: now?.permitted, clientScopes: now?.clientScopes };
  return toRequested(deps.origin, { ...grant, ...rights, policies: now?.policies ?? [] }, asked);
}

/**
 * Asks the Actions, then exchanges the refresh token. With a factor, the Actions run again and see it: what they decide
 * is of now, and an `mfa_token` needs to hold none of it.
 */
export async function agreeAndRotate(
  deps: OAuthDependencies,
  request: TokenRequest,
  found: FoundRefresh,
  exchange: Exchange,
): Promise<TokenResponse | OAuthRefusal> {
  const { client, grant } = found;
  const { asked, factor } = exchange;
  const decision = await askAtRefresh(
    {
      ip: request.ip,
      userAgent: request.userAgent,
      language: request.language,
      isWanted: request.isWanted,
      body: bodyForActions(request.parameters),
      client,
      grant,
      ...(factor && { factor }),
      requestedScopes: (asked.scope ?? grant.scope).split(' ').filter((scope) => scope !== ''),
    },
    deps.act,
  );
  if (decision?.kind === 'mfa_required')
    return requireFactor(deps, {
      ...{ client, grant, token: exchange.token, ...asked },
      executions: decision.executions,
    });
  if (decision?.kind === 'denied') return refuseDenied(deps, grant, decision);
  if (decision === undefined) return rotate(deps, request, found, { ...exchange, agreed: undefined });
  const now = await readRightsAgain(deps, found, exchange);
  if (now instanceof OAuthRefusal) return now.about({ actions: decision.executions });
  const wished = { ...now, wishes: decision.wishes };
  const plan = planIssue(deps.origin, client, wished, asked.scope);
  if (plan instanceof OAuthRefusal) return plan;
  return rotate(deps, request, { ...found, grant: wished }, { ...exchange, plan, agreed: decision });
}

/** True when the answer says that somebody used a token for the second time. */
const saysReused = (answer: TokenResponse | OAuthRefusal): boolean =>
  answer instanceof OAuthRefusal && answer.evidence.check === 'refresh_token.reused';

/**
 * Fault of a request that waited while the node stood still. Its sender may have sent the same token to another node, and
 * that is no theft. Nothing was done with it, so a sender who still waits sends it again.
 */
const tooLate = () => new Fault('timeout', 'the node stood still while this request waited', true);

/**
 * Ends the family of a token that was used twice. Returns false, and ends nothing, when its first use was undone. Ends
 * nothing either when the sender has gone: an answer that nobody gets gives a thief nothing. Attack (theft): thief and
 * owner hold tokens of one family, and nobody can tell which is whose, so both have to sign in again. Throws {@link Fault}
 * when the database failed, or the node stood still.
 */
export async function endIfReused(
  deps: OAuthDependencies,
  request: Pick<TokenRequest, 'isWanted' | 'isLate'>,
  answer: TokenResponse | OAuthRefusal,
  { grant, token }: { readonly grant: RefreshGrant; readonly token: OpaqueReference },
): Promise<boolean> {
  if (!saysReused(answer) || !request.isWanted()) return true;
  if (request.isLate()) throw tooLate();
  if (await deps.store.isTakenBack(token)) return false;
  await deps.store.revokeFamily(grant.user.userId, grant.familyId, deps.clock.now());
  return true;
}

const askedApi = ({ parameters }: TokenRequest): AskedApi => ({
  audience: parameters.get('audience'),
  scope: parameters.get('scope'),
});

async function exchangeOnce(
  deps: OAuthDependencies,
  request: TokenRequest,
  found: FoundRefresh,
  token: OpaqueReference,
): Promise<TokenResponse | OAuthRefusal> {
  const asked = askedApi(request);
  const grant = checkRefreshToken(found, deps.clock.now()) ?? toRequested(deps.origin, found.grant, asked);
  if (grant instanceof OAuthRefusal) return grant;
  const plan = planIssue(deps.origin, found.client, grant, asked.scope);
  return plan instanceof OAuthRefusal
    ? plan
    : agreeAndRotate(deps, request, { ...found, grant }, { token, plan, asked });
}

/** How often a token is tried whose use was undone meanwhile. */
const MOST_TRIES = 3;

async function exchange(
  deps: OAuthDependencies,
  request: TokenRequest,
  found: FoundRefresh,
  token: OpaqueReference,
): Promise<TokenResponse | OAuthRefusal> {
  const { client, grant } = found;
  const { audience } = askedApi(request);
  if (client.refreshRotating && request.isLate()) throw tooLate();
  for (let tries = 1; ; tries += 1) {
    const now = tries === 1 ? grant : (await deps.store.findRefreshGrant(client.clientId, token, audience))?.grant;
    if (now === undefined) return invalidRefreshToken({ check: 'refresh_token.unknown' });
    const answer = await exchangeOnce(deps, request, { ...found, grant: now }, token);
    if (!(answer instanceof OAuthRefusal)) return answer;
    if (await endIfReused(deps, request, answer, { grant, token })) return answer.about(subjectOf(grant));
    if (tries === MOST_TRIES)
      throw new Fault('database', 'a refresh token is rotated and undone again and again', true);
  }
}

/** Performs the grant (top of this file). Throws {@link Fault} when the database failed. */
export async function grantRefreshToken(deps: OAuthDependencies, request: TokenRequest): Promise<GrantOutcome> {
  const { parameters, credentials } = request;
  const presented = parameters.get('refresh_token');
  const token = deps.opaque.open('refresh', presented ?? '');
  const found = await deps.store.findRefreshGrant(credentials.clientId, token, parameters.get('audience'));
  const client = found?.client;
  const refusal = await authenticateClient(deps, client, request);
  if (found === undefined || refusal) return { client, answer: refusal ?? unauthorized('client.unknown') };
  const barred = checkGrantType(found.client);
  if (barred) return { client, answer: barred };
  if (presented === undefined) return { client, answer: missingParameter('refresh_token') };
  const { grant } = found;
  if (grant === undefined || token === undefined)
    return { client, answer: invalidRefreshToken({ check: 'refresh_token.unknown' }) };
  return { client, answer: await exchange(deps, request, { ...found, grant }, token) };
}
