/**
 * Runs the post-login Actions when a refresh token is exchanged, as Auth0 does: the same code and event, with the
 * protocol `oauth2-refresh-token`. Only decides: the exchange writes the effects in its own statement, or nothing.
 */
import type { JsonObject, TokenWishes } from '../../domain/actions/action.js';
import { type FactorKind, settingOf } from '../../domain/factors/factor.js';
import type { Strategy } from '../../domain/tenant.js';
import { FACTORS } from '../../facts/factors.js';
import type { ActionGround } from '../../ports/action-ground.js';
import type { TriggerResult } from '../../ports/action-runner.js';
import type { RefreshGrant, RefreshWrites } from '../../ports/token-store.js';
import { findMultifactorWish } from '../action-factors.js';
import { isRefusal, type Refusal, refuse } from '../refusals.js';
import type { ActionExecution } from '../stages.js';
import { newTrace } from '../trace.js';
import { refreshWrites, tokenWishes } from './action-effects.js';
import { enrolledOf, sessionMethods, signInMethod } from './event-factors.js';
import {
  identitiesOf,
  organizationOf,
  PAGE_LOCALE,
  profileFields,
  saidBefore,
  sessionOf,
  toEvent,
} from './event-parts.js';
import { type ActionDeps, type GroundedActionDeps, isBound, refuseEnd, runTrigger, toParty } from './run-trigger.js';

/** The checked request for new tokens by a refresh token. */
export interface Refresh {
  readonly ip: string;
  readonly userAgent: string | undefined;
  readonly language?: string | undefined;
  /** Returns false once the application has closed its HTTP connection. */
  readonly isWanted?: () => boolean;
  /** The posted parameters, without secrets. */
  readonly body: Readonly<Record<string, string>>;
  readonly client: { readonly clientId: string; readonly name: string; readonly refreshRotating: boolean };
  readonly grant: RefreshGrant;
  readonly requestedScopes: readonly string[];
  /** The second factor that the person passed for this exchange, and when (src/http/oauth/factors). */
  readonly factor?: { readonly kind: FactorKind; readonly at: Date };
}

export type RefreshDecision =
  /** An Action asked for a second factor, so the exchange is refused with `mfa_required`. */
  | { readonly kind: 'mfa_required'; readonly executions: readonly ActionExecution[] }
  | {
      readonly kind: 'agreed';
      readonly wishes: TokenWishes | undefined;
      readonly writes: RefreshWrites;
      readonly executions: readonly ActionExecution[];
    }
  | {
      readonly kind: 'denied';
      readonly refusal: Refusal;
      /** The object that the Action asked to revoke along with the refusal; undefined for none. */
      readonly ends: 'session' | 'refresh_token' | undefined;
      readonly executions: readonly ActionExecution[];
    };

/**
 * Returns the event's refresh token. Its id is that of the token family, which no rotation changes; the tokens
 * themselves are secrets.
 */
function refreshTokenOf({ client, grant }: Refresh): Record<string, unknown> {
  const { issuedFor } = grant;
  return {
    id: grant.familyId,
    client_id: grant.clientId,
    user_id: grant.user.userId,
    session_id: grant.sessionId,
    created_at: grant.createdAt,
    expires_at: grant.expiresAt,
    idle_expires_at: grant.idleExpiresAt,
    rotating: client.refreshRotating,
    // Scopes and audience of the login, whichever API the application asks for now.
    resource_servers:
      issuedFor.audience === undefined ? [] : [{ audience: issuedFor.audience, scopes: issuedFor.scope }],
    metadata: grant.metadata,
  };
}

function userOf({ user }: RefreshGrant, ground: ActionGround): Record<string, unknown> {
  const stored = ground.user;
  return {
    ...saidBefore(ground, ground.connection?.name),
    user_id: user.userId,
    email: user.email,
    email_verified: user.emailVerified,
    ...profileFields(user),
    username: stored?.username,
    phone_number: stored?.phoneNumber,
    user_metadata: stored?.userMetadata ?? {},
    app_metadata: stored?.appMetadata ?? {},
    identities: identitiesOf(ground),
    created_at: stored?.createdAt,
    updated_at: user.updatedAt,
    last_password_reset: stored?.lastPasswordReset,
    ...enrolledOf((stored?.factors ?? []).map(({ kind }) => kind)),
  };
}

function refreshEvent(refresh: Refresh, ground: ActionGround, { tenantId, hostname }: ActionDeps): JsonObject {
  const { ip, userAgent, language, body, client, grant, requestedScopes, factor } = refresh;
  const { connection, membership } = ground;
  const method = signInMethod((connection?.strategy ?? 'auth0') as Strategy, ground);
  const organization = organizationOf(grant.organization, ground);
  return toEvent({
    authentication: {
      methods: [
        { name: method, timestamp: grant.authenticatedAt },
        ...(factor ? [{ name: 'mfa', type: factor.kind, timestamp: factor.at }] : sessionMethods(ground)),
      ],
    },
    authorization: { roles: ground.roles },
    client: { client_id: client.clientId, name: client.name, metadata: ground.clientMetadata },
    connection: connection && { id: grant.connectionId, ...connection },
    organization: organization && {
      ...organization,
      membership: membership && { exists: true, via: membership.via },
    },
    refresh_token: refreshTokenOf(refresh),
    request: { ip, hostname, user_agent: userAgent, language, method: 'POST', query: {}, body, geoip: {} },
    resource_server: grant.audience === undefined ? undefined : { identifier: grant.audience },
    session:
      grant.sessionId === undefined
        ? undefined
        : sessionOf({ sessionId: grant.sessionId, userId: grant.user.userId }, ground),
    stats: { logins_count: ground.user?.loginsCount ?? 0 },
    tenant: { id: tenantId },
    transaction: {
      acr_values: [],
      locale: PAGE_LOCALE,
      protocol: 'oauth2-refresh-token',
      requested_scopes: requestedScopes,
      ui_locales: [],
      metadata: {},
    },
    user: userOf(grant, ground),
  });
}

type FactorEnd = TriggerResult & { readonly end: Extract<TriggerResult['end'], { readonly kind: 'factor' }> };

/**
 * True if the factor that the person passed is what the Actions asked for so far. Attack: an Action asks for a security
 * key, and a code or a recovery code passes. A command to set one up is never fulfilled here: no page can do it.
 */
function isFulfilled<Result extends TriggerResult>(
  result: Result,
  factor: Refresh['factor'],
): result is Result & FactorEnd {
  if (result.end.kind !== 'factor' || factor === undefined) return false;
  const { actionType } = FACTORS[settingOf(factor.kind)];
  return result.effects.every(
    (effect) => effect.kind !== 'factor_command' || (effect.does === 'challenge' && effect.types.includes(actionType)),
  );
}

/**
 * Asks the Actions bound to post-login. Undefined when none is bound: then nothing was read either. A redirect is
 * refused: no browser could follow it.
 */
export async function askAtRefresh(refresh: Refresh, deps: GroundedActionDeps): Promise<RefreshDecision | undefined> {
  const { grant } = refresh;
  const { userId } = grant.user;
  const party = toParty(userId, refresh.ip);
  const subject = { tenant: grant, organization: grant.organization, client: grant, party, isWanted: refresh.isWanted };
  if (!isBound(subject, 'post-login')) return undefined;
  const ground = await deps.reads.findActionGround({
    userId,
    organizationId: grant.organization?.id,
    clientId: grant.clientId,
    connectionId: grant.connectionId,
    grantedRoles: [],
    sessionId: grant.sessionId,
  });
  const event = refreshEvent(refresh, ground, deps.actions);
  const executions: ActionExecution[] = [];
  const call = { trigger: 'post-login', event, from: 0, effects: [], programKey: undefined } as const;
  const context = { trace: newTrace(), executions };
  let result = await runTrigger(subject, call, context, deps.actions);
  // The person who passed a factor for this exchange is not asked again: the next Action runs.
  while (result !== undefined && !isRefusal(result) && isFulfilled(result, refresh.factor)) {
    const { end, effects, programKey } = result;
    const next = { ...call, from: end.index + 1, effects, programKey, isAfterFactor: true };
    result = await runTrigger(subject, next, context, deps.actions);
  }
  if (result === undefined) return undefined;
  const denied = (refusal: Refusal, ends?: 'session' | 'refresh_token') =>
    ({ kind: 'denied', refusal, ends, executions }) as const;
  if (isRefusal(result)) return denied(result);
  const { end, effects } = result;
  // No browser can show a page. The application sends the person through the MFA API, or to /authorize (Auth0).
  const wish = findMultifactorWish(effects);
  const wishes = end.kind === 'done' && wish !== undefined && wish.provider !== 'none';
  if (end.kind === 'factor' || (wishes && refresh.factor === undefined)) return { kind: 'mfa_required', executions };
  if (end.kind === 'redirect')
    return denied(refuse('act.interaction_required', `an Action redirects to ${new URL(end.url).origin}`));
  const revoked = effects.findLast((effect) => effect.kind === 'revoke');
  const refusal = refuseEnd('post-login', result);
  // Effects of code that failed are ignored, here as in a login.
  const ends = end.kind !== 'failed' && revoked?.kind === 'revoke' ? revoked.what : undefined;
  if (refusal) return denied(refusal, ends);
  const primary = effects.findLast((effect) => effect.kind === 'primary_user');
  if (primary?.kind === 'primary_user' && primary.userId !== userId)
    return denied(
      refuse('act.primary_user', `setPrimaryUser named ${primary.userId} at the exchange of a refresh token`),
    );
  return { kind: 'agreed', wishes: tokenWishes(effects), writes: refreshWrites(effects), executions };
}
