/** Modules of Actions and their versions in Auth0's JSON. Secrets are shown by name and date, never by value. */
import type {
  ModuleContent,
  ModuleRecord,
  ModuleUse,
  ModuleVersionRecord,
} from '../../ports/directory/action-modules.js';
import type { SecretName } from '../../ports/directory/actions.js';
import type { Wire } from '../api/operation.js';
import { present, replyOf } from '../api/wire.js';
import { CODE_SHOWN, TRIGGERS_SHOWN, toSecret } from './action-wire.js';

const toContent = ({ code, dependencies, secrets }: ModuleContent & { readonly secrets: readonly SecretName[] }) => ({
  code,
  dependencies,
  secrets: secrets.map(toSecret),
});

const PUBLISHED = { id: 'string', version_number: 'integer', ...CODE_SHOWN, created_at: 'string' };
/** Schema of a module; a list leaves `latest_version` out. */
export const MODULE_REPLY = replyOf(
  {
    id: 'string',
    name: 'string',
    ...CODE_SHOWN,
    actions_using_module_total: 'integer',
    all_changes_published: 'boolean',
    created_at: 'string',
    updated_at: 'string',
  },
  { latest_version_number: 'integer', latest_version: replyOf(PUBLISHED) },
);
export const MODULE_VERSION_REPLY = replyOf({ ...PUBLISHED, module_id: 'string' });
export const MODULE_USE_REPLY = replyOf({
  action_id: 'string',
  action_name: 'string',
  module_version_id: 'string',
  module_version_number: 'integer',
  supported_triggers: TRIGGERS_SHOWN,
});

/** Converts a module into Auth0's JSON for a list. */
export function toListedModule(module: ModuleRecord): Wire {
  return present({
    id: module.id,
    name: module.name,
    ...toContent(module),
    actions_using_module_total: module.deployedUses,
    all_changes_published: !module.hasDraft,
    latest_version_number: module.latest?.number,
    created_at: module.createdAt.toISOString(),
    updated_at: module.updatedAt.toISOString(),
  });
}

/** Converts a module into Auth0's JSON: its draft and its newest version. */
export function toModuleWire(module: ModuleRecord): Wire {
  const { latest } = module;
  const version = latest && {
    id: latest.id,
    version_number: latest.number,
    ...toContent(latest),
    created_at: latest.createdAt.toISOString(),
  };
  return present({ ...toListedModule(module), latest_version: version });
}

/** Converts a version of a module into Auth0's JSON. */
export function toModuleVersionWire(version: ModuleVersionRecord): Wire {
  return {
    id: version.id,
    module_id: version.moduleId,
    version_number: version.number,
    ...toContent(version),
    created_at: version.createdAt.toISOString(),
  };
}

/** Converts an Action that loads a module into Auth0's JSON. */
export function toUseWire(use: ModuleUse): Wire {
  return {
    action_id: use.actionId,
    action_name: use.actionName,
    module_version_id: use.versionId,
    module_version_number: use.number,
    supported_triggers: [{ id: use.trigger, version: use.triggerVersion }],
  };
}
