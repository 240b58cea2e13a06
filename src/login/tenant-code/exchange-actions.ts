/**
 * Asks the Actions of credentials-exchange v2 before a machine client gets a token. Only decides; writes nothing. No
 * account is involved. Source of the error codes: Auth0, "Actions triggers: credentials-exchange", API object.
 */
import type { TokenWishes } from '../../domain/actions/action.js';
import type { Tenant } from '../../domain/tenant.js';
import { isRefusal, type Refusal } from '../refusals.js';
import type { ActionExecution } from '../stages.js';
import { newTrace } from '../trace.js';
import { tokenWishes } from './action-effects.js';
import { organizationOf, toEvent } from './event-parts.js';
import { type GroundedActionDeps, isBound, refuseEnd, runTrigger } from './run-trigger.js';

/** The checked request of a machine for a token. */
export interface Exchange {
  readonly ip: string;
  readonly userAgent: string | undefined;
  readonly language?: string | undefined;
  /** Returns false once the application has closed its HTTP connection. */
  readonly isWanted?: () => boolean;
  /** The posted parameters, without secrets. */
  readonly body: Readonly<Record<string, string>>;
  readonly tenant: Pick<Tenant, 'actions'>;
  readonly client: { readonly clientId: string; readonly name: string };
  readonly organization: undefined | { readonly id: string; readonly name: string };
  readonly audience: string;
  /** Scopes that the request named; empty when it named none. */
  readonly requestedScopes: readonly string[];
  /** Scopes of the token, unless an Action changes them. */
  readonly scopes: readonly string[];
}

export type ExchangeDecision =
  /** `ran` false: no Action ran, so no time has passed and the caller need not read its data again. */
  | { readonly kind: 'agreed'; readonly ran: boolean; readonly wishes: TokenWishes | undefined }
  | {
      readonly kind: 'denied';
      readonly refusal: Refusal;
      /** The OAuth error code that the Action chose. */
      readonly error: string | undefined;
      readonly executions: readonly ActionExecution[];
    };

const NOTHING_BOUND: ExchangeDecision = { kind: 'agreed', ran: false, wishes: undefined };

/** Asks the Actions bound to credentials-exchange. If none is bound, reads nothing. */
export async function askAtExchange(exchange: Exchange, deps: GroundedActionDeps): Promise<ExchangeDecision> {
  const { ip, userAgent, language, body, client, organization, audience, requestedScopes, scopes } = exchange;
  if (!isBound(exchange, 'credentials-exchange')) return NOTHING_BOUND;
  const ground = await deps.reads.findActionGround({
    userId: undefined,
    organizationId: organization?.id,
    clientId: client.clientId,
    connectionId: undefined,
    grantedRoles: [],
  });
  const event = toEvent({
    accessToken: { customClaims: {}, scope: scopes },
    client: { client_id: client.clientId, name: client.name, metadata: ground.clientMetadata },
    organization: organizationOf(organization, ground),
    request: { ip, hostname: deps.actions.hostname, user_agent: userAgent, language, method: 'POST', body, geoip: {} },
    resource_server: { identifier: audience },
    tenant: { id: deps.actions.tenantId },
    transaction: { correlation_id: body.correlation_id, requested_scopes: requestedScopes },
  });
  const executions: ActionExecution[] = [];
  const call = { trigger: 'credentials-exchange', event, from: 0, effects: [], programKey: undefined } as const;
  const party = { kind: 'machine', name: client.clientId } as const;
  const result = await runTrigger(
    { ...exchange, ...(organization && { party }) },
    call,
    { trace: newTrace(), executions },
    deps.actions,
  );
  if (result === undefined) return NOTHING_BOUND;
  if (isRefusal(result)) return { kind: 'denied', refusal: result, error: undefined, executions };
  const refusal = refuseEnd('credentials-exchange', result);
  if (refusal === undefined) return { kind: 'agreed', ran: true, wishes: tokenWishes(result.effects) };
  const error = result.end.kind === 'denied' ? result.end.code : undefined;
  return { kind: 'denied', refusal, error, executions };
}
