/**
 * Publishes a module: checks it and creates a version. Changes no Action: each Action names the module version that it
 * loads.
 */
import { newUuid } from '../../kernel/ids.js';
import type { ModuleContent, ModuleRecord, ModuleVersionRecord } from '../../ports/directory/action-modules.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, ManagementError, notFound } from '../api/errors.js';
import type { Call } from '../api/operation.js';
import { LIMITS, toSentence } from './action-body.js';

export const noModule = () => notFound('The action module does not exist.');

/** Finds the module whose id is in the path. Throws 404. */
export async function getModule(call: Call): Promise<ModuleRecord> {
  const module = await call.directory.actionModules.find(call.params.id ?? '');
  if (module === undefined) throw noModule();
  return module;
}

/**
 * Throws 400 for code that no Action could load. A missing package is allowed in a draft; only publishing refuses it.
 */
export async function checkModuleDraft(deps: ManagementDeps, call: Call, content: ModuleContent): Promise<void> {
  const defects = await deps.checkModule(content, call.caller.subject);
  const defect = defects.find(({ kind }) => kind !== 'dependency');
  if (defect !== undefined) throw badBody(toSentence(defect));
}

/**
 * Publishes a module's draft. Throws 400 when no Action could load the draft, 409 when it is already published, 412
 * when all versions are in use.
 */
export async function publishDraft(
  deps: ManagementDeps,
  call: Call,
  module: ModuleRecord,
): Promise<ModuleVersionRecord> {
  if (!module.hasDraft) throw conflict('No draft version is available to publish.');
  const defects = await deps.checkModule(module, call.caller.subject);
  if (defects.length > 0) throw badBody(defects.map(toSentence).join(' '));
  const fresh = { id: newUuid(deps.entropy), at: call.now };
  const version = await call.directory.actionModules.publish(module.id, fresh, LIMITS.versions);
  if (version === undefined) throw noModule();
  if (version === 'full')
    throw new ManagementError(
      412,
      'Maximum number of module versions reached. Consolidate versions used in actions before creating new ones.',
    );
  return version;
}
