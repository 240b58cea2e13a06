/**
 * Step 5: do the tenant's Actions agree? Runs them outside any transaction and gives back what they asked for; writes nothing.
 * A denial, an exception, a time-out, a dead process: each is a refusal, never a pass (fail closed).
 */
import type { Effect } from '../domain/action.js';
import { hasPrompt } from '../domain/authorization-request.js';
import type { ActionGround } from '../ports/action-ground.js';
import type { LoginReads } from '../ports/login-store.js';
import { admissionEvent, type EventGround, postLoginEvent, preRegistrationEvent } from './action-event.js';
import { type Refusal, refuse } from './refusals.js';
import { type ActionDeps, isBound, refuseEnd, runTrigger, type TriggerContext } from './run-trigger.js';
import type { ActionMembership, ActionRedirect, Admitted, Attempt, Resolved } from './stages.js';

export interface ActDeps {
  readonly reads: LoginReads;
  readonly actions: ActionDeps;
}

/** What one trigger is run with. */
export interface ActContext extends TriggerContext {
  readonly attempt: Attempt;
}

function findGround(
  resolved: Resolved,
  roles: readonly string[],
  { attempt }: ActContext,
  deps: ActDeps,
): Promise<ActionGround> {
  const { account, organization, client, enablement } = resolved;
  return deps.reads.findActionGround({
    userId: account.kind === 'existing' ? account.candidate.account.userId : undefined,
    organizationId: organization?.id,
    clientId: client.clientId,
    connectionId: enablement.connection.id,
    grantedRoles: roles,
    sessionId: attempt.credential.kind === 'session' ? attempt.credential.session.sessionId : undefined,
  });
}

function groundFor(ground: ActionGround, userId: string, context: ActContext, deps: ActDeps): EventGround {
  return { attempt: context.attempt, ground, userId, tenantId: deps.actions.tenantId, hostname: deps.actions.hostname };
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
  const ground = await findGround(resolved, [], context, deps);
  const event = admissionEvent(resolved, groundFor(ground, userId, context, deps));
  const run = { trigger: 'organization-admission', event, from: 0, effects: [], programKey: undefined } as const;
  const result = await runTrigger(resolved, run, context, deps.actions);
  if (result === undefined) return refusal;
  if ('kind' in result) return result;
  const refused = refuseEnd('organization-admission', result);
  if (refused) return refused;
  const admits = result.effects.filter((effect) => effect.kind === 'admit');
  if (admits.length === 0) return refusal;
  const roles = [...new Set(admits.flatMap((effect) => (effect.kind === 'admit' ? effect.roles : [])))];
  // A name that no role has gives nothing: the trace says which were found.
  const granted = roles.length === 0 ? [] : (await findGround(resolved, roles, context, deps)).roles;
  context.trace.add('admit', 'action', 'pass', { roles, granted });
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
  const ground = await findGround(admitted, [], context, deps);
  const event = preRegistrationEvent(admitted, groundFor(ground, userId, context, deps));
  const run = { trigger: 'pre-user-registration', event, from: 0, effects: [], programKey: undefined } as const;
  const result = await runTrigger(admitted, run, context, deps.actions);
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
  login: {
    userId: string;
    membership: ActionMembership | undefined;
    effects: readonly Effect[];
    newSessionId: string;
  },
  context: ActContext,
  deps: ActDeps,
): Promise<readonly Effect[] | ActionRedirect | Refusal> {
  const { attempt } = context;
  const { resume } = attempt;
  if (!isBound(admitted, 'post-login') && resume === undefined) return login.effects;
  const ground = await findGround(admitted, admitted.admission.roles, context, deps);
  const membership = login.membership ?? membershipOf(admitted, ground);
  const event = postLoginEvent(
    admitted,
    { membership, newSessionId: login.newSessionId },
    groundFor(ground, login.userId, context, deps),
  );
  const run = {
    trigger: 'post-login',
    event,
    from: resume?.index ?? 0,
    effects: login.effects,
    programKey: resume?.programKey,
  } as const;
  const result = await runTrigger(admitted, run, context, deps.actions);
  if (result === undefined) return login.effects;
  if ('kind' in result) return result;
  if (result.end.kind !== 'redirect') return refuseEnd('post-login', result) ?? result.effects;
  const { url, index } = result.end;
  // A frame without a window cannot show what the person should see (OpenID Connect Core section 3.1.2.6).
  if (hasPrompt(attempt.request, 'none'))
    return refuse('act.interaction_required', `an Action redirects to ${new URL(url).origin}`);
  return { kind: 'redirect', url, index, programKey: result.programKey, effects: result.effects };
}
