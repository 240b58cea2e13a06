/**
 * Step 5: do the tenant's Actions agree? `hear` is the only place where the login loop (pipeline.ts) calls tenant code:
 * outside any transaction, before the last commit. It adds the answer to the login's kept state, and writes nothing. A
 * denial, an exception, a time-out or a dead process is a refusal, never a pass (fail closed).
 */
import type { Effect } from '../domain/actions/action.js';
import { hasPrompt } from '../domain/authorization-request.js';
import { assertNever } from '../kernel/assert.js';
import type { ActionGround } from '../ports/action-ground.js';
import type { LoginReads } from '../ports/login-store.js';
import { isMember, membershipBefore, userIdOf } from './kept.js';
import { isRefusal, type Refusal, refuse } from './refusals.js';
import type { ActionExecution, ActionMembership, ActionPause, Admitted, Attempt, Kept, Resolved } from './stages.js';
import { admissionEvent, type EventGround, postLoginEvent, preRegistrationEvent } from './tenant-code/action-event.js';
import {
  type ActionDeps,
  isBound,
  refuseEnd,
  runTrigger,
  type TriggerContext,
  type TriggerSubject,
  toParty,
} from './tenant-code/run-trigger.js';
import type { Trace } from './trace.js';

export interface ActDeps {
  readonly reads: LoginReads;
  readonly actions: ActionDeps;
}

/**
 * The next question to the tenant's code. `organization-admission` is asked about a person whom no rule admits;
 * `refused` is then the answer of step 4.
 */
export type Hearing =
  | { readonly trigger: 'organization-admission'; readonly resolved: Resolved; readonly refused: Refusal }
  | { readonly trigger: 'pre-user-registration'; readonly admitted: Admitted }
  /** `effects`: the changes that Actions have requested so far. */
  | { readonly trigger: 'post-login'; readonly admitted: Admitted; readonly effects: readonly Effect[] };

/** A redirect to another site, from which the person comes back to /continue. */
export interface ActionRedirect {
  readonly kind: 'redirect';
  readonly url: string;
}

/** The result of asking Actions: the login's new kept state, and their answer. */
export interface Heard {
  readonly kept: Kept;
  readonly answer: Admitted | ActionRedirect | Refusal;
}

/** The input for one run of a trigger. */
interface Context extends TriggerContext {
  readonly attempt: Attempt;
  readonly kept: Kept;
}

type Answer = Heard['answer'] | { readonly kept: Partial<Kept>; readonly answer: Heard['answer'] };

function findGround(
  resolved: Resolved,
  roles: readonly string[],
  { attempt }: Context,
  deps: ActDeps,
): Promise<ActionGround> {
  const { account, organization, client, enablement } = resolved;
  return deps.reads.findActionGround({
    userId: account.kind === 'existing' ? account.candidate.account.userId : undefined,
    organizationId: organization?.id,
    clientId: client.clientId,
    connectionId: enablement.connection.id,
    grantedRoles: roles,
    isAdmitted: 'admission' in resolved,
    sessionId: attempt.credential.kind === 'session' ? attempt.credential.session.sessionId : undefined,
  });
}

/** Adds the person or network for which the run is counted, so that nobody can use up all Action processes. */
function subjectOf<T extends Resolved>(
  resolved: T,
  { attempt }: Context,
): T & Pick<TriggerSubject, 'party' | 'isWanted'> {
  const { account } = resolved;
  const userId = account.kind === 'existing' ? account.candidate.account.userId : undefined;
  return { ...resolved, party: toParty(userId, attempt.ip), isWanted: attempt.isWanted };
}

function groundFor(resolved: Resolved, ground: ActionGround, { attempt, kept }: Context, deps: ActDeps) {
  const { tenantId, hostname } = deps.actions;
  return { attempt, kept, ground, userId: userIdOf(resolved, kept), tenantId, hostname } satisfies EventGround & {
    kept: Kept;
  };
}

/**
 * Returns the admission that an Action of organization-admission gave. `roles`: ids or names; the commit accepts both.
 */
export function admittedByAction(resolved: Resolved, roles: readonly string[]): Admitted {
  return { ...resolved, admission: { rule: 'action', createMembership: 'action', roles, invitation: undefined } };
}

/**
 * Asks the Actions of organization-admission. Returns the admission with the roles that they name, or a refusal: with
 * the Action's reason if it gave one, else step 4's.
 */
async function hearAdmission(
  { resolved, refused }: Extract<Hearing, { trigger: 'organization-admission' }>,
  context: Context,
  deps: ActDeps,
): Promise<Answer> {
  const ground = await findGround(resolved, [], context, deps);
  const event = admissionEvent(resolved, groundFor(resolved, ground, context, deps));
  const run = { trigger: 'organization-admission', event, from: 0, effects: [], programKey: undefined } as const;
  const result = await runTrigger(subjectOf(resolved, context), run, context, deps.actions);
  if (result === undefined) return refused;
  if (isRefusal(result)) return result;
  const denied = refuseEnd('organization-admission', result);
  if (denied) return denied;
  const admits = result.effects.filter((effect) => effect.kind === 'admit');
  if (admits.length === 0) return refused;
  const roles = [...new Set(admits.flatMap((effect) => (effect.kind === 'admit' ? effect.roles : [])))];
  // An unknown role name grants nothing, so the trace shows the roles that exist.
  const granted = roles.length === 0 ? [] : (await findGround(resolved, roles, context, deps)).roles;
  context.trace.add('admit', 'action', 'pass', { roles, granted });
  const admission = { userId: userIdOf(resolved, context.kept), roles, revision: resolved.tenant.actions.revision };
  return { kept: { admission }, answer: admittedByAction(resolved, roles) };
}

/**
 * Asks the Actions of pre-user-registration whether this person may open an account. The answer may set the new
 * account's metadata.
 */
async function hearRegistration(
  { admitted }: Extract<Hearing, { trigger: 'pre-user-registration' }>,
  context: Context,
  deps: ActDeps,
): Promise<Answer> {
  const nothing = { kept: { registration: [] }, answer: admitted };
  if (!isBound(admitted, 'pre-user-registration')) return nothing;
  const ground = await findGround(admitted, [], context, deps);
  const event = preRegistrationEvent(admitted, groundFor(admitted, ground, context, deps));
  const run = { trigger: 'pre-user-registration', event, from: 0, effects: [], programKey: undefined } as const;
  const result = await runTrigger(subjectOf(admitted, context), run, context, deps.actions);
  if (result === undefined) return nothing;
  if (isRefusal(result)) return result;
  return refuseEnd('pre-user-registration', result) ?? { kept: { registration: result.effects }, answer: admitted };
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

/** After a redirect the same Action goes on; after a second factor the next one runs. */
function resumeAt(pausedAt: ActionPause | undefined) {
  const isFactor = pausedAt?.commands !== undefined;
  const from = pausedAt === undefined ? 0 : pausedAt.index + (isFactor ? 1 : 0);
  return { from, programKey: pausedAt?.programKey, isAfterFactor: isFactor };
}

/**
 * Asks the Actions of post-login whether this person may enter. Resumes after an Action's redirect, or after the second
 * factor that it asked for; the answer may be another redirect or factor.
 */
async function hearPostLogin(
  { admitted, effects }: Extract<Hearing, { trigger: 'post-login' }>,
  context: Context,
  deps: ActDeps,
): Promise<Answer> {
  const { attempt, kept } = context;
  const pausedAt = kept.agreement?.pausedAt;
  const about = { userId: userIdOf(admitted, kept), wasMember: isMember(admitted) };
  const agreed = (asked: readonly Effect[]) => ({
    kept: { agreement: { ...about, effects: asked } },
    answer: admitted,
  });
  if (!isBound(admitted, 'post-login') && pausedAt === undefined) return agreed(effects);
  const ground = await findGround(admitted, admitted.admission.roles, context, deps);
  const membership = membershipBefore(about.userId, kept) ?? membershipOf(admitted, ground);
  const event = postLoginEvent(admitted, membership, groundFor(admitted, ground, context, deps));
  const run = { trigger: 'post-login', event, effects, ...resumeAt(pausedAt) } as const;
  const result = await runTrigger(subjectOf(admitted, context), run, context, deps.actions);
  if (result === undefined) return agreed(effects);
  if (isRefusal(result)) return result;
  const { end, programKey } = result;
  if (end.kind === 'factor') {
    const commands = result.effects.slice(effects.length).filter((effect) => effect.kind === 'factor_command');
    const pause = { programKey, index: end.index, commands };
    return { kept: { agreement: { ...about, effects: result.effects, pausedAt: pause } }, answer: admitted };
  }
  if (end.kind !== 'redirect') return refuseEnd('post-login', result) ?? agreed(result.effects);
  const { url, index } = end;
  // Under `prompt=none` no window can show the Action's page (OpenID Connect Core section 3.1.2.6).
  if (hasPrompt(attempt.request, 'none'))
    return refuse('act.interaction_required', `an Action redirects to ${new URL(url).origin}`);
  const agreement = { ...about, effects: result.effects, pausedAt: { programKey, index } };
  return { kept: { agreement }, answer: { kind: 'redirect', url } };
}

function ask(hearing: Hearing, context: Context, deps: ActDeps): Promise<Answer> {
  switch (hearing.trigger) {
    case 'organization-admission':
      return hearAdmission(hearing, context, deps);
    case 'pre-user-registration':
      return hearRegistration(hearing, context, deps);
    case 'post-login':
      return hearPostLogin(hearing, context, deps);
    default:
      return assertNever(hearing);
  }
}

/** Asks the tenant's code once. The kept state records every execution, whatever the answer. */
export async function hear(
  hearing: Hearing,
  { attempt, kept, trace }: { readonly attempt: Attempt; readonly kept: Kept; readonly trace: Trace },
  deps: ActDeps,
): Promise<Heard> {
  const executions: ActionExecution[] = [...kept.executions];
  const said = await ask(hearing, { attempt, kept, trace, executions }, deps);
  const heard = { ...kept, told: true, executions };
  return 'answer' in said ? { kept: { ...heard, ...said.kept }, answer: said.answer } : { kept: heard, answer: said };
}
