/**
 * Runs the Actions bound to one trigger, and turns a denial or a failure into a refusal. Used by the login, the token
 * endpoint and the work after a commit. Writes nothing; never turns a failure into a pass (fail closed).
 */
import type { Effect, JsonObject, TriggerId } from '../../domain/actions/action.js';
import type { Tenant } from '../../domain/tenant.js';
import { networksOf } from '../../kernel/networks.js';
import type { ActionPrograms, ActionRunner, Party, TriggerResult, TriggerRun } from '../../ports/action-runner.js';
import type { LoginReads } from '../../ports/login-store.js';
import { type Refusal, refuse } from '../refusals.js';
import type { ActionExecution } from '../stages.js';
import type { Trace } from '../trace.js';

export interface ActionDeps {
  readonly runner: ActionRunner;
  readonly programs: ActionPrograms;
  /** The tenant's name as Auth0 has it: the first label of the server's host. */
  readonly tenantId: string;
  /**
   * The server's host name, with its port if that is unusual: `event.request.hostname`. Actions build addresses from it
   * (`https://${hostname}/continue`, the SDK's `domain`), which need the port.
   */
  readonly hostname: string;
}

/** Dependencies for asking Actions with their stored data. The login pipeline's dependencies include these. */
export interface GroundedActionDeps {
  readonly reads: Pick<LoginReads, 'findActionGround'>;
  readonly actions: ActionDeps;
}

/** The tenant, organization and person for whom a trigger runs. */
export interface TriggerSubject {
  readonly tenant: Pick<Tenant, 'actions'>;
  readonly organization: undefined | { readonly id: string };
  /**
   * The client. A run without an organization uses this client's share of the Action processes, so that a hanging
   * Action delays only its own application.
   */
  readonly client: undefined | { readonly clientId: string };
  /**
   * IP address of a person who has proved nothing yet. Runs are shared out by network, so that a flood from one delays
   * nobody else.
   */
  readonly strangerAt?: string | undefined;
  /** The person or network for which the run is counted, within the organization's share of the Action processes. */
  readonly party?: Party | undefined;
  /** Returns false once the sender has closed the HTTP connection; see {@link TriggerRun.isWanted}. */
  readonly isWanted?: (() => boolean) | undefined;
}

/** The input of a run; the run adds its reports to `executions`, for the log. */
export interface TriggerContext {
  readonly trace: Trace;
  readonly executions: ActionExecution[];
}

export interface TriggerCall {
  readonly trigger: TriggerId;
  readonly event: JsonObject;
  readonly from: number;
  readonly effects: readonly Effect[];
  /** Key of the program that redirected a person or asked for a factor: only the same program can resume. */
  readonly programKey: string | undefined;
  /** True when the program resumes after a second factor, with the Action behind the one that asked for it. */
  readonly isAfterFactor?: boolean;
}

/** True when the tenant has bound an Action to the trigger. */
export function isBound({ tenant }: Pick<TriggerSubject, 'tenant'>, trigger: TriggerId): boolean {
  return tenant.actions.bound.includes(trigger);
}

function toStranger(ip: string): NonNullable<TriggerRun['stranger']> {
  const networks = networksOf(ip);
  const customer = networks.find(({ width }) => width === 'site') ?? networks[0];
  return { customer: customer?.name ?? ip, block: networks.at(-1)?.name ?? ip };
}

/**
 * Returns the party for which a run is counted, so that each gets a fair share of the Action processes: the person, if
 * they have an account. For an account about to be opened it is the network, since one sender can invent any number of
 * accounts.
 */
export function toParty(userId: string | undefined, ip: string): Party {
  return userId === undefined ? { kind: 'network', name: toStranger(ip).customer } : { kind: 'person', name: userId };
}

const CHANGED = 'the Actions were changed while the person was away';

/**
 * Runs the Actions bound to the trigger; undefined when none is bound any more. Refuses if the person comes back from a
 * redirect and the Actions were changed meanwhile.
 */
export async function runTrigger(
  { tenant, organization, client, strangerAt, party, isWanted }: TriggerSubject,
  { trigger, event, from, effects, programKey, isAfterFactor = false }: TriggerCall,
  { trace, executions }: TriggerContext,
  actions: ActionDeps,
): Promise<(TriggerResult & { readonly programKey: string }) | Refusal | undefined> {
  const program = await actions.programs.findProgram(trigger, tenant.actions.revision);
  if (programKey !== undefined && program?.key !== programKey) {
    trace.add('act', trigger, 'refuse', { changed: true });
    return { ...refuse('act.failed', CHANGED), logged: CHANGED };
  }
  if (program === undefined) return undefined;
  const organizationId = organization?.id;
  const resume = programKey !== undefined && !isAfterFactor;
  const result = await actions.runner.run({
    program,
    organizationId,
    ...(client && { fairnessKey: `client ${client.clientId}` }),
    ...(strangerAt !== undefined && { stranger: toStranger(strangerAt) }),
    party,
    isWanted,
    event,
    from,
    resume,
    effects,
  });
  const { end, reports } = result;
  executions.push({
    trigger,
    end: end.kind,
    ...(end.kind === 'denied' && { reason: end.reason }),
    ...(end.kind === 'failed' && { reason: `${end.failure}: ${end.detail}` }),
    results: reports,
  });
  trace.add(
    'act',
    trigger,
    end.kind === 'done' ? 'pass' : end.kind === 'redirect' || end.kind === 'factor' ? 'ask' : 'refuse',
    {
      actions: reports.map((report) => report.name),
      end: end.kind,
      ...(end.kind === 'failed' && { failure: end.failure }),
    },
  );
  return { ...result, programKey: program.key };
}

/** Returns the refusal for a denial or a failure; undefined for success, a redirect and a second factor. */
export function refuseEnd(trigger: TriggerId, { end, effects }: TriggerResult): Refusal | undefined {
  const endsSession = effects.some((effect) => effect.kind === 'revoke' && effect.what === 'session');
  if (end.kind === 'denied') {
    if (trigger === 'pre-user-registration') {
      const sentence = end.userMessage === undefined ? {} : { sentence: end.userMessage };
      return { ...refuse('act.registration_denied', end.reason), ...sentence };
    }
    return { ...refuse('act.denied', `${trigger}: ${end.reason}`, { reason: end.reason }), endsSession };
  }
  if (end.kind === 'failed') {
    const detail = `${trigger}: ${end.failure}: ${end.detail}`;
    if (end.failure === 'busy') return refuse('act.busy', detail);
    if (end.failure === 'not_available') return refuse('act.not_available', detail, { message: end.message });
    return { ...refuse('act.failed', detail), logged: end.message };
  }
  const revoked = effects.find((effect) => effect.kind === 'revoke');
  if (end.kind === 'done' && revoked?.kind === 'revoke')
    return { ...refuse('act.denied', `${trigger}: ${revoked.reason}`, { reason: revoked.reason }), endsSession };
  return undefined;
}
