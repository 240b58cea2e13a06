/**
 * Step 5: do the tenant's Actions agree? Runs them outside any transaction and gives back what they asked for; writes nothing.
 * A denial, an exception, a time-out, a dead process: each is a refusal, never a pass (fail closed).
 */
import type { Effect, JsonObject, TriggerId } from '../domain/action.js';
import type { ActionGround } from '../ports/action-ground.js';
import type { ActionPrograms, ActionRunner, TriggerResult } from '../ports/action-runner.js';
import type { LoginReads } from '../ports/login-store.js';
import { admissionEvent, type EventGround, postLoginEvent, preRegistrationEvent } from './action-event.js';
import { type Refusal, refuse } from './refusals.js';
import type {
  ActionExecution,
  ActionMembership,
  ActionRedirect,
  Admitted,
  Attempt,
  Identified,
  Resolved,
} from './stages.js';
import type { Trace } from './trace.js';

export interface ActDeps {
  readonly reads: LoginReads;
  readonly actions: {
    readonly runner: ActionRunner;
    readonly programs: ActionPrograms;
    /** First label of the server's host. */
    readonly tenantId: string;
  };
}

/** What one trigger is run with. `executions` takes the reports, for the log. */
export interface ActContext {
  readonly attempt: Attempt;
  readonly trace: Trace;
  readonly executions: ActionExecution[];
}

/** True when the tenant has bound an Action to the trigger. */
export function isBound({ tenant }: Identified, trigger: TriggerId): boolean {
  return tenant.actions.bound.includes(trigger);
}

interface Run {
  readonly trigger: TriggerId;
  readonly event: JsonObject;
  readonly from: number;
  readonly effects: readonly Effect[];
  readonly programKey: string | undefined;
}

const CHANGED = 'the Actions were changed while the person was away';

async function runTrigger(
  identified: Identified,
  { trigger, event, from, effects, programKey }: Run,
  { trace, executions }: ActContext,
  { actions }: ActDeps,
): Promise<(TriggerResult & { readonly programKey: string }) | Refusal | undefined> {
  const program = await actions.programs.findProgram(trigger, identified.tenant.actions.revision);
  if (programKey !== undefined && program?.key !== programKey) {
    trace.add('act', trigger, 'refuse', { changed: true });
    return refuse('act.failed', CHANGED, { message: CHANGED });
  }
  if (program === undefined) return undefined;
  const organizationId = identified.organization?.id;
  const resume = programKey !== undefined;
  const result = await actions.runner.run({ program, organizationId, event, from, resume, effects });
  const { end, reports } = result;
  executions.push({
    trigger,
    end: end.kind,
    ...(end.kind === 'denied' && { reason: end.reason }),
    ...(end.kind === 'failed' && { reason: `${end.failure}: ${end.detail}` }),
    results: reports,
  });
  trace.add('act', trigger, end.kind === 'done' ? 'pass' : end.kind === 'redirect' ? 'ask' : 'refuse', {
    actions: reports.map((report) => report.name),
    end: end.kind,
    ...(end.kind === 'failed' && { failure: end.failure }),
  });
  return { ...result, programKey: program.key };
}

/** The refusal for an end that is not "done" and not a redirect. */
function refuseEnd(trigger: TriggerId, { end, effects }: TriggerResult): Refusal | undefined {
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
    return refuse('act.failed', detail, { message: end.message });
  }
  const revoked = effects.find((effect) => effect.kind === 'revoke');
  if (end.kind === 'done' && revoked?.kind === 'revoke')
    return { ...refuse('act.denied', `${trigger}: ${revoked.reason}`, { reason: revoked.reason }), endsSession };
  return undefined;
}

function findGround(resolved: Resolved, roles: readonly string[], deps: ActDeps): Promise<ActionGround> {
  const { account, organization, client, enablement } = resolved;
  return deps.reads.findActionGround({
    userId: account.kind === 'existing' ? account.candidate.account.userId : undefined,
    organizationId: organization?.id,
    clientId: client.clientId,
    connectionId: enablement.connection.id,
    grantedRoles: roles,
  });
}

function groundFor(ground: ActionGround, userId: string, context: ActContext, deps: ActDeps): EventGround {
  return { attempt: context.attempt, ground, userId, tenantId: deps.actions.tenantId };
}

/**
 * organization-admission: asked for an identity that no rule admits, before anything is written. Let in with the roles that it names
 * (the commit knows them by id or by name), or `refusal`, what step 4 said, or the reason that the Action gave.
 */
export async function askAdmission(
  resolved: Resolved,
  refusal: Refusal,
  userId: string,
  context: ActContext,
  deps: ActDeps,
): Promise<Admitted | Refusal> {
  const ground = await findGround(resolved, [], deps);
  const event = admissionEvent(resolved, groundFor(ground, userId, context, deps));
  const run = { trigger: 'organization-admission', event, from: 0, effects: [], programKey: undefined } as const;
  const result = await runTrigger(resolved, run, context, deps);
  if (result === undefined) return refusal;
  if ('kind' in result) return result;
  const refused = refuseEnd('organization-admission', result);
  if (refused) return refused;
  const admits = result.effects.filter((effect) => effect.kind === 'admit');
  if (admits.length === 0) return refusal;
  const roles = [...new Set(admits.flatMap((effect) => (effect.kind === 'admit' ? effect.roles : [])))];
  context.trace.add('admit', 'action', 'pass', { roles });
  return { ...resolved, admission: { rule: 'action', createMembership: 'action', roles, invitation: undefined } };
}

/** pre-user-registration: may this person open an account? Answers with the metadata that the new account gets. */
export async function askRegistration(
  admitted: Admitted,
  userId: string,
  context: ActContext,
  deps: ActDeps,
): Promise<readonly Effect[] | Refusal> {
  if (!isBound(admitted, 'pre-user-registration')) return [];
  const ground = await findGround(admitted, [], deps);
  const event = preRegistrationEvent(admitted, groundFor(ground, userId, context, deps));
  const run = { trigger: 'pre-user-registration', event, from: 0, effects: [], programKey: undefined } as const;
  const result = await runTrigger(admitted, run, context, deps);
  if (result === undefined) return [];
  if ('kind' in result) return result;
  return refuseEnd('pre-user-registration', result) ?? result.effects;
}

function membershipOf(
  { account, admission, organization }: Admitted,
  ground: ActionGround,
): ActionMembership | undefined {
  if (organization === undefined) return undefined;
  if (account.kind === 'existing' && account.candidate.membership !== undefined)
    return { exists: true, via: ground.membership?.via ?? 'management' };
  return admission.createMembership && { exists: false, via: admission.createMembership };
}

/**
 * post-login. `effects` is what was asked for so far; `membership` is how it stood before the earlier commit point, if there was one. May answer with a redirect: the
 * person has something to do elsewhere and comes back to /continue.
 */
export async function act(
  admitted: Admitted,
  login: { userId: string; membership: ActionMembership | undefined; effects: readonly Effect[] },
  context: ActContext,
  deps: ActDeps,
): Promise<readonly Effect[] | ActionRedirect | Refusal> {
  const { attempt } = context;
  const { resume } = attempt;
  if (!isBound(admitted, 'post-login') && resume === undefined) return login.effects;
  const ground = await findGround(admitted, admitted.admission.roles, deps);
  const membership = login.membership ?? membershipOf(admitted, ground);
  const event = postLoginEvent(admitted, membership, groundFor(ground, login.userId, context, deps));
  const run = {
    trigger: 'post-login',
    event,
    from: resume?.index ?? 0,
    effects: login.effects,
    programKey: resume?.programKey,
  } as const;
  const result = await runTrigger(admitted, run, context, deps);
  if (result === undefined) return login.effects;
  if ('kind' in result) return result;
  if (result.end.kind !== 'redirect') return refuseEnd('post-login', result) ?? result.effects;
  const { url, index } = result.end;
  // A frame without a window cannot show what the person should see (OpenID Connect Core section 3.1.2.6).
  if (attempt.request.prompt === 'none')
    return refuse('act.interaction_required', `an Action redirects to ${new URL(url).origin}`);
  return { kind: 'redirect', url, index, programKey: result.programKey, effects: result.effects };
}
