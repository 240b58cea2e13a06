/**
 * The `modules` of an Action: the module versions that it may load by `require('actions:NAME')`. A request names module
 * and version by their ids, as in Auth0's API, or by the module's name and the version's number.
 */
import type { ModuleRecord, ModuleVersionRecord } from '../../ports/directory/action-modules.js';
import type { ActionContent, ModuleReference } from '../../ports/directory/actions.js';
import { badBody } from '../api/errors.js';
import type { Call } from '../api/operation.js';
import { LIMITS, type ReferenceBody } from './action-body.js';

async function getModule(call: Call, body: ReferenceBody): Promise<ModuleRecord> {
  const { module_id: id, module_name: name } = body;
  if (id === undefined && name === undefined) throw badBody('Each of the modules has a module_id.');
  const { actionModules } = call.directory;
  const found = id === undefined ? await actionModules.findByName(name ?? '') : await actionModules.find(id);
  if (found === undefined) throw badBody(`The action module ${id ?? name} does not exist.`);
  // A request whose id and name mean different modules is refused: the Action would run the wrong code.
  if (name !== undefined && found.name !== name) throw badBody(`The action module ${id} has the name ${found.name}.`);
  return found;
}

async function getVersion(call: Call, module: ModuleRecord, body: ReferenceBody): Promise<ModuleVersionRecord> {
  const { module_version_id: id, module_version_number: number } = body;
  if (id === undefined && number === undefined) throw badBody('Each of the modules has a module_version_id.');
  const { actionModules } = call.directory;
  const found =
    id === undefined
      ? await actionModules.findVersionOfNumber(module.id, number ?? 0)
      : await actionModules.findVersion(module.id, id);
  if (found === undefined) throw badBody(`The action module ${module.name} has no version ${id ?? number}.`);
  if (number !== undefined && found.number !== number)
    throw badBody(`The version ${id} of the action module ${module.name} has the number ${found.number}.`);
  return found;
}

/**
 * Returns the modules that a request lists. Throws 400 for a module that does not exist, for two of the same name, and
 * for too many.
 */
export async function parseModules(call: Call, body: readonly ReferenceBody[]): Promise<readonly ModuleReference[]> {
  if (body.length > LIMITS.modulesOfAction) throw badBody(`An action has at most ${LIMITS.modulesOfAction} modules.`);
  const references: ModuleReference[] = [];
  for (const reference of body) {
    const module = await getModule(call, reference);
    const version = await getVersion(call, module, reference);
    const { id: moduleId, name } = module;
    references.push({ moduleId, name, versionId: version.id, number: version.number });
  }
  if (new Set(references.map(({ moduleId }) => moduleId)).size !== references.length)
    throw badBody('modules names one module twice.');
  return references;
}

/**
 * Throws 400 when a module version of `content` no longer exists. A module that no Action uses can be deleted, although
 * an earlier version of an Action still refers to it.
 */
export async function checkModulesThere(call: Call, { modules }: ActionContent): Promise<void> {
  for (const { moduleId, name, versionId, number } of modules) {
    const version = await call.directory.actionModules.findVersion(moduleId, versionId);
    if (version === undefined)
      throw badBody(`The version ${number} of the action module ${name} does not exist any more: name another one.`);
  }
}
