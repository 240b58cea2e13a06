/**
 * Asks the Actions of login-post-identifier v1, which run after somebody typed an address and before any proof. They
 * may send the person to another connection or organization than home realm discovery would, or refuse them. This
 * server looks up no account and answers alike for all addresses. If the tenant's own code looks accounts up, its
 * answers and their timing may reveal them.
 */
import type { Effect } from '../../domain/actions/action.js';
import type { Email } from '../../domain/people/email.js';
import type { OrganizationConnection } from '../../domain/tenant.js';
import type { LoginReads } from '../../ports/login-store.js';
import { isRefusal, type Refusal, refuse } from '../refusals.js';
import type { ActionExecution, Attempt, Identified } from '../stages.js';
import type { Trace } from '../trace.js';
import { requestOf, transactionOf } from './action-event.js';
import { organizationOf, toEvent } from './event-parts.js';
import { type GroundedActionDeps, isBound, refuseEnd, runTrigger } from './run-trigger.js';

export interface RouteDeps extends GroundedActionDeps {
  readonly reads: Pick<LoginReads, 'findActionGround' | 'findOrganization'>;
}

/** The destination that the Action chose. */
export interface Route {
  /** Id of an organization. Only one that the application may use, and only if the request names none. */
  readonly organizationId: string | undefined;
  readonly connection: string | undefined;
}

export interface AskedRoute {
  readonly answer: Route | Refusal;
  readonly executions: readonly ActionExecution[];
}

/** True when the request or the invitation names the connection, so that the typed address decides nothing. */
function isChosen(identified: Identified, attempt: Attempt): boolean {
  return attempt.request.connection !== undefined || identified.invitation?.connectionId !== undefined;
}

function lastRoute(effects: readonly Effect[], to: 'connection' | 'organization'): string | undefined {
  const last = effects.findLast((effect) => effect.kind === 'route' && effect.to === to);
  return last?.kind === 'route' ? last.name : undefined;
}

const refuseRoute = (detail: string): Refusal => refuse('act.route', detail);

/** Finds the organization that the Action named. Refuses one that the application itself could not have named. */
async function findOrganization(
  name: string,
  { client, organization }: Identified,
  attempt: Attempt,
  deps: RouteDeps,
): Promise<string | undefined | Refusal> {
  if (organization !== undefined && (organization.id === name || organization.name === name)) return undefined;
  if (attempt.request.organization !== undefined)
    return refuseRoute(`organization "${name}": the request names another one`);
  if (client.organizationUsage === 'deny')
    return refuseRoute(`organization "${name}": the application may not use organizations`);
  const found = await deps.reads.findOrganization(name);
  if (found === undefined || found.blocked) return refuseRoute(`organization "${name}" does not exist, or is blocked`);
  return found.id;
}

/** Asks the Actions bound to login-post-identifier. Undefined when none is bound: then nothing was read either. */
export async function askRoute(
  identified: Identified,
  email: Email,
  { attempt, trace }: { readonly attempt: Attempt; readonly trace: Trace },
  deps: RouteDeps,
): Promise<AskedRoute | undefined> {
  if (!isBound(identified, 'login-post-identifier') || isChosen(identified, attempt)) return undefined;
  const { client, organization } = identified;
  const { request } = attempt;
  const ground = await deps.reads.findActionGround({
    userId: undefined,
    organizationId: organization?.id,
    clientId: client.clientId,
    connectionId: undefined,
    grantedRoles: [],
  });
  const known = organizationOf(organization, ground);
  const event = toEvent({
    authentication: { identifier: { type: 'email', value: email } },
    client: { client_id: client.clientId, name: client.name, metadata: ground.clientMetadata },
    // The organization that the request or the person named; never one that an Action chose for an earlier address.
    initial_organization: known,
    organization: known,
    request: requestOf(attempt, deps.actions.hostname),
    resource_server: request.audience === undefined ? undefined : { identifier: request.audience },
    tenant: { id: deps.actions.tenantId },
    transaction: transactionOf(attempt, identified.tenant),
  });
  const executions: ActionExecution[] = [];
  const call = { trigger: 'login-post-identifier', event, from: 0, effects: [], programKey: undefined } as const;
  const subject = { ...identified, strangerAt: attempt.ip, isWanted: attempt.isWanted };
  const result = await runTrigger(subject, call, { trace, executions }, deps.actions);
  if (result === undefined) return undefined;
  if (isRefusal(result)) return { answer: result, executions };
  const refusal = refuseEnd('login-post-identifier', result);
  if (refusal) return { answer: refusal, executions };
  const connection = lastRoute(result.effects, 'connection');
  const named = lastRoute(result.effects, 'organization');
  const found = named === undefined ? undefined : await findOrganization(named, identified, attempt, deps);
  if (typeof found === 'object') return { answer: found, executions };
  return { answer: { organizationId: found, connection }, executions };
}

/** Returns the connection that the Action named, if this login may use it. */
export function findRouted(identified: Identified, name: string): OrganizationConnection | Refusal {
  const found = identified.connections.find((item) => item.connection.name === name);
  if (found !== undefined) return found;
  const place = identified.organization?.name ?? identified.client.name;
  return refuseRoute(`connection "${name}" is not enabled for ${place}`);
}
