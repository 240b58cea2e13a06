/**
 * Deploys an Action, for each operation that does so: checks the Action, creates a version, and sets a new revision of
 * the tenant's code.
 */
import type { Finding } from '../../domain/actions/action-finding.js';
import { newUuid } from '../../kernel/ids.js';
import type { ActionContent, ActionRecord, ActionVersionRecord, SecretName } from '../../ports/directory/actions.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noAction } from '../api/errors.js';
import type { Call } from '../api/operation.js';
import { checkDeployable, LIMITS } from './action-body.js';
import { checkModulesThere } from './action-modules.js';

/** Returns the Action with this id. Throws 404. */
export async function getAction(call: Call, id: string | undefined): Promise<ActionRecord> {
  const action = await call.directory.actions.find(id ?? '');
  if (action === undefined) throw noAction();
  return action;
}

/** Sets a new revision in the same transaction. By it, the nodes notice that logins must run changed code. */
export async function endChange(deps: Pick<ManagementDeps, 'entropy'>, call: Call): Promise<void> {
  await call.directory.actions.endChange(newUuid(deps.entropy));
}

/**
 * Throws 400 when an Action is bound to another trigger than `trigger`: its code would run at a trigger for which it
 * was not written.
 */
export async function checkBoundTrigger(call: Call, id: string, trigger: string): Promise<void> {
  const bound = await call.directory.actions.listTriggersOf(id);
  if (bound.some((other) => other !== trigger)) throw badBody("can't upgrade to this trigger.");
}

export interface Deployment {
  readonly version: ActionVersionRecord;
  readonly warnings: readonly Finding[];
}

/**
 * Checks everything that would run after a deployment of `content`: trigger, modules and code. Returns the linter's
 * warnings. Throws 400.
 */
export async function checkDeployment(
  deps: Pick<ManagementDeps, 'checkAction'>,
  call: Call,
  id: string,
  content: ActionContent & { readonly secrets: readonly SecretName[] },
): Promise<readonly Finding[]> {
  await checkBoundTrigger(call, id, content.trigger);
  await checkModulesThere(call, content);
  const { warnings } = await checkDeployable(deps.checkAction, content, content.secrets, call.caller.subject);
  return warnings;
}

/** Deploys the draft. Throws 400 when it has defects. */
export async function deployDraft(deps: ManagementDeps, call: Call, draft: ActionRecord): Promise<Deployment> {
  const warnings = await checkDeployment(deps, call, draft.id, draft);
  const version = await call.directory.actions.deploy(
    draft.id,
    { id: newUuid(deps.entropy), at: call.now },
    LIMITS.versions,
  );
  if (version === undefined) throw noAction();
  await endChange(deps, call);
  return { version, warnings };
}
