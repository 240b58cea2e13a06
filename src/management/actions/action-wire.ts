/** Actions, versions and bindings in Auth0's JSON. Secrets are shown by name and date, never by value. */
import { isDeepStrictEqual } from 'node:util';
import { TRIGGERS, type TriggerId } from '../../domain/actions/action.js';
import type { Finding } from '../../domain/actions/action-finding.js';
import type {
  ActionContent,
  ActionRecord,
  ActionVersionRecord,
  BindingRecord,
  ModuleReference,
  SecretName,
} from '../../ports/directory/actions.js';
import type { Wire } from '../api/operation.js';
import { listOf, present, replyOf, wordOf } from '../api/wire.js';

/** `nodeNN` is stored and shown as requested; the code runs on the server's own Node. */
export const RUNTIMES: readonly string[] = ['node18', 'node22'];
export const DEFAULT_RUNTIME = 'node22';

/** Converts a secret into JSON without its value. */
export const toSecret = (secret: SecretName): Wire => ({
  name: secret.name,
  updated_at: secret.updatedAt.toISOString(),
});
const toTriggers = (content: ActionContent): Wire[] => [{ id: content.trigger, version: content.triggerVersion }];

const toModule = ({ moduleId, name, versionId, number }: ModuleReference): Wire => ({
  module_id: moduleId,
  module_name: name,
  module_version_id: versionId,
  module_version_number: number,
});

const TRIGGER = replyOf({ id: wordOf(...Object.keys(TRIGGERS)), version: 'string' });
/** Schema of a package that the code may import. */
const DEPENDENCY = replyOf({ name: 'string', version: 'string' });
const SECRET = replyOf({ name: 'string', updated_at: 'string' });
const MODULE = replyOf({
  module_id: 'string',
  module_name: 'string',
  module_version_id: 'string',
  module_version_number: 'integer',
});
/** Schemas of the properties of all tenant code: of Actions and of modules. */
export const CODE_SHOWN = { code: 'string', dependencies: listOf(DEPENDENCY), secrets: listOf(SECRET) } as const;
export const TRIGGERS_SHOWN = listOf(TRIGGER);
const CONTENT = { ...CODE_SHOWN, supported_triggers: TRIGGERS_SHOWN, runtime: 'string', modules: listOf(MODULE) };
const DATES = { created_at: 'string', updated_at: 'string' };
const BASE = {
  id: 'string',
  name: 'string',
  supported_triggers: TRIGGERS_SHOWN,
  ...DATES,
  all_changes_deployed: 'boolean',
};
const BUILD = { id: 'string', status: 'string', number: 'integer' };
/** Schema of a defect that prevents a deployment. */
export const DEFECT_REPLY = replyOf({ id: 'string', msg: 'string' }, { line: 'integer', column: 'integer' });
/** Schema of a finding of the linter. Those of the whole file have no line. */
export const WARNING_REPLY = replyOf(
  { id: 'string', severity: wordOf('error', 'warning', 'info'), message: 'string' },
  { line: 'integer', column: 'integer', fix: 'string', documentation: 'string' },
);
const CHECKED = { errors: listOf(DEFECT_REPLY), warnings: listOf(WARNING_REPLY) };
const VERSION = {
  ...CONTENT,
  ...BUILD,
  ...DATES,
  action_id: 'string',
  deployed: 'boolean',
  errors: listOf(DEFECT_REPLY),
  built_at: 'string',
};
const CURRENT = replyOf({ ...BUILD, ...DATES, code: 'string', runtime: 'string', build_time: 'string' });
/** Schema of an Action; an answer to a write also has the linter's findings. */
export const ACTION_REPLY = replyOf(
  { ...BASE, ...CONTENT, status: wordOf('built', 'failed') },
  { built_at: 'string', current_version: CURRENT, deployed_version: replyOf(VERSION), ...CHECKED },
);
/** Schema of a version; the answer to its deployment also has the linter's findings. */
export const VERSION_REPLY = replyOf({ ...VERSION, action: replyOf(BASE) }, { warnings: CHECKED.warnings });
export const BINDING_REPLY = replyOf({
  id: 'string',
  trigger_id: 'string',
  display_name: 'string',
  action: ACTION_REPLY,
  ...DATES,
});
export const TRIGGER_REPLY = replyOf({
  id: 'string',
  version: 'string',
  status: 'string',
  runtimes: listOf('string'),
  default_runtime: 'string',
  binding_policy: 'string',
  compatible_triggers: listOf(TRIGGER),
});

/** Returns the properties that a draft and a version share. */
function toContentWire(content: ActionContent & { readonly secrets: readonly SecretName[] }): Wire {
  return {
    supported_triggers: toTriggers(content),
    code: content.code,
    dependencies: content.dependencies,
    runtime: content.runtime,
    secrets: content.secrets.map(toSecret),
    modules: content.modules.map(toModule),
  };
}

/** True when the deployed version equals the draft, including secrets. */
function isDeployed(action: ActionRecord): boolean {
  return action.deployed !== undefined && isDeepStrictEqual(toContentWire(action), toContentWire(action.deployed));
}

function toVersionFields(version: ActionVersionRecord, deployed: boolean): Wire {
  return {
    ...toContentWire(version),
    id: version.id,
    action_id: version.actionId,
    deployed,
    status: 'built',
    number: version.number,
    errors: [],
    built_at: version.builtAt.toISOString(),
    created_at: version.createdAt.toISOString(),
    updated_at: version.builtAt.toISOString(),
  };
}

function toBase(action: ActionRecord): Wire {
  return {
    id: action.id,
    name: action.name,
    supported_triggers: toTriggers(action),
    created_at: action.createdAt.toISOString(),
    updated_at: action.updatedAt.toISOString(),
    all_changes_deployed: isDeployed(action),
  };
}

/** Returns the deployed version in the older form that Auth0 shows beside `deployed_version`. */
function toCurrentVersion(version: ActionVersionRecord): Wire {
  return {
    id: version.id,
    code: version.code,
    runtime: version.runtime,
    status: 'BUILT',
    number: version.number,
    build_time: version.builtAt.toISOString(),
    created_at: version.createdAt.toISOString(),
    updated_at: version.builtAt.toISOString(),
  };
}

/** Converts an Action into Auth0's JSON: its draft and its deployed version. */
export function toActionWire(action: ActionRecord): Wire {
  return present({
    ...toBase(action),
    ...toContentWire(action),
    status: action.builtAt === undefined ? 'failed' : 'built',
    built_at: action.builtAt?.toISOString(),
    current_version: action.deployed && toCurrentVersion(action.deployed),
    deployed_version: action.deployed && toVersionFields(action.deployed, true),
  });
}

/** Converts a version of an Action into Auth0's JSON. */
export function toVersionWire(version: ActionVersionRecord, action: ActionRecord): Wire {
  return { ...toVersionFields(version, action.deployed?.id === version.id), action: toBase(action) };
}

/** Converts a binding and its Action into Auth0's JSON. */
export function toBindingWire(binding: BindingRecord): Wire {
  return {
    id: binding.id,
    trigger_id: binding.trigger,
    display_name: binding.displayName,
    action: toActionWire(binding.action),
    created_at: binding.createdAt.toISOString(),
    updated_at: binding.updatedAt.toISOString(),
  };
}

/** Auth0's earlier trigger versions that run here like the present version. */
const COMPATIBLE: Readonly<Partial<Record<TriggerId, readonly string[]>>> = { 'post-login': ['v2'] };

/** Returns the versions of a trigger that an Action may name, the current one first. */
export function listTriggerVersions(trigger: TriggerId): readonly string[] {
  return [TRIGGERS[trigger].version, ...(COMPATIBLE[trigger] ?? [])];
}

/** Converts a trigger for `GET /actions/triggers`. */
export function toTriggerWire(trigger: TriggerId): Wire {
  return {
    id: trigger,
    version: TRIGGERS[trigger].version,
    status: 'CURRENT',
    runtimes: RUNTIMES,
    default_runtime: DEFAULT_RUNTIME,
    binding_policy: 'trigger-bound',
    compatible_triggers: (COMPATIBLE[trigger] ?? []).map((version) => ({ id: trigger, version })),
  };
}

/** Converts a finding of the linter: an addition to the answers of create, update and deploy. */
export function toWarningWire(finding: Finding): Wire {
  const { id, severity, line, column, message, fix, docs } = finding;
  return { id, severity, line, column, message, fix, documentation: docs };
}
