/** Converts Actions, versions and bindings to Auth0's JSON. Of a secret, it shows name and date, never the value. */
import { isDeepStrictEqual } from 'node:util';
import { TRIGGERS, type TriggerId } from '../../domain/actions/action.js';
import type { Finding } from '../../domain/actions/action-finding.js';
import type { ActionCheck, ActionDefect } from '../../ports/action-check.js';
import type { ModuleContent, ModuleUse } from '../../ports/directory/action-modules.js';
import type {
  ActionContent,
  ActionRecord,
  ActionVersionRecord,
  BindingRecord,
  ModuleReference,
  SecretName,
} from '../../ports/directory/actions.js';
import { listOf, type Rows, replyOf, viewOf, wordOf } from '../api/wire.js';

/**
 * The values of `runtime` that are accepted. The value is stored and shown; the code always runs on the server's own
 * Node.
 */
export const RUNTIMES: readonly string[] = ['node18', 'node22'];
export const DEFAULT_RUNTIME = 'node22';

const SECRET = viewOf<SecretName>({
  name: ['string', ({ name }) => name],
  updated_at: ['string', ({ updatedAt }) => updatedAt.toISOString()],
});
const TRIGGER = replyOf({ id: wordOf(...Object.keys(TRIGGERS)), version: 'string' });
const MODULE = viewOf<ModuleReference>({
  module_id: ['string', ({ moduleId }) => moduleId],
  module_name: ['string', ({ name }) => name],
  module_version_id: ['string', ({ versionId }) => versionId],
  module_version_number: ['integer', ({ number }) => number],
});

/** The trigger of an Action: in Auth0's JSON, a list with one trigger. */
export const SUPPORTED: Rows<Pick<ModuleUse, 'trigger' | 'triggerVersion'>> = {
  supported_triggers: [listOf(TRIGGER), ({ trigger, triggerVersion }) => [{ id: trigger, version: triggerVersion }]],
};

/** The properties that Actions and modules have in common. */
export const CODE = {
  code: ['string', ({ code }) => code],
  dependencies: [listOf(replyOf({ name: 'string', version: 'string' })), ({ dependencies }) => dependencies],
  secrets: [listOf(SECRET.schema), ({ secrets }) => secrets.map(SECRET.show)],
} satisfies Rows<ModuleContent & { readonly secrets: readonly SecretName[] }>;

/** The properties that the draft and a version of an Action have in common. */
const CONTENT = viewOf<ActionContent & { readonly secrets: readonly SecretName[] }>({
  ...SUPPORTED,
  code: CODE.code,
  dependencies: CODE.dependencies,
  runtime: ['string', ({ runtime }) => runtime],
  secrets: CODE.secrets,
  modules: [listOf(MODULE.schema), ({ modules }) => modules.map(MODULE.show)],
});

/** True when the deployed version is the same as the draft, including the secrets. */
const isDeployed = (action: ActionRecord): boolean =>
  action.deployed !== undefined && isDeepStrictEqual(CONTENT.show(action), CONTENT.show(action.deployed));

const DATES: Rows<Pick<ActionRecord, 'createdAt' | 'updatedAt'>> = {
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  updated_at: ['string', ({ updatedAt }) => updatedAt.toISOString()],
};

const BASE = viewOf<ActionRecord>({
  id: ['string', ({ id }) => id],
  name: ['string', ({ name }) => name],
  ...SUPPORTED,
  ...DATES,
  all_changes_deployed: ['boolean', isDeployed],
});

/** A defect of an Action that prevents its deployment. */
export const DEFECT = viewOf<ActionDefect>({
  id: ['string', ({ kind }) => kind],
  msg: ['string', ({ message }) => message],
  'line?': ['integer', ({ line }) => line],
  'column?': ['integer', ({ column }) => column],
});

/** A finding of the linter. It is an addition to the answers of create, update and deploy. */
export const WARNING = viewOf<Finding>({
  id: ['string', ({ id }) => id],
  severity: [wordOf('error', 'warning', 'info'), ({ severity }) => severity],
  'line?': ['integer', ({ line }) => line],
  'column?': ['integer', ({ column }) => column],
  message: ['string', ({ message }) => message],
  'fix?': ['string', ({ fix }) => fix],
  'documentation?': ['string', ({ docs }) => docs],
});

interface ShownVersion extends ActionVersionRecord {
  readonly action: ActionRecord;
  /** Set only in the answer to the deployment of this version. */
  readonly warnings?: readonly Finding[];
}

const BUILT = viewOf<ShownVersion>({
  ...CONTENT.rows,
  id: ['string', ({ id }) => id],
  action_id: ['string', ({ actionId }) => actionId],
  deployed: ['boolean', ({ id, action }) => action.deployed?.id === id],
  status: ['string', () => 'built'],
  number: ['integer', ({ number }) => number],
  errors: [listOf(DEFECT.schema), () => []],
  built_at: ['string', ({ builtAt }) => builtAt.toISOString()],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  updated_at: ['string', ({ builtAt }) => builtAt.toISOString()],
});

/** A version of an Action. */
export const VERSION = viewOf<ShownVersion>({
  ...BUILT.rows,
  action: [BASE.schema, ({ action }) => BASE.show(action)],
  'warnings?': [listOf(WARNING.schema), ({ warnings }) => warnings?.map(WARNING.show)],
});

/** The deployed version in the older of two forms. Auth0 shows this one too, beside `deployed_version`. */
const CURRENT = viewOf<ActionVersionRecord>({
  id: ['string', ({ id }) => id],
  code: CODE.code,
  runtime: ['string', ({ runtime }) => runtime],
  status: ['string', () => 'BUILT'],
  number: ['integer', ({ number }) => number],
  build_time: ['string', ({ builtAt }) => builtAt.toISOString()],
  created_at: ['string', ({ createdAt }) => createdAt.toISOString()],
  updated_at: ['string', ({ builtAt }) => builtAt.toISOString()],
});

/** An Action: its draft and its deployed version. The answer to a write also has the result of the check. */
export const ACTION = viewOf<ActionRecord & { readonly check?: ActionCheck }>({
  ...BASE.rows,
  ...CONTENT.rows,
  status: [wordOf('built', 'failed'), ({ builtAt }) => (builtAt === undefined ? 'failed' : 'built')],
  'built_at?': ['string', ({ builtAt }) => builtAt?.toISOString()],
  'current_version?': [CURRENT.schema, ({ deployed }) => deployed && CURRENT.show(deployed)],
  'deployed_version?': [BUILT.schema, (action) => action.deployed && BUILT.show({ ...action.deployed, action })],
  'errors?': [
    listOf(DEFECT.schema),
    ({ check }) => (check && check.errors.length > 0 ? check.errors.map(DEFECT.show) : undefined),
  ],
  'warnings?': [listOf(WARNING.schema), ({ check }) => check?.warnings.map(WARNING.show)],
});

export const BINDING = viewOf<BindingRecord>({
  id: ['string', ({ id }) => id],
  trigger_id: ['string', ({ trigger }) => trigger],
  display_name: ['string', ({ displayName }) => displayName],
  action: [ACTION.schema, ({ action }) => ACTION.show(action)],
  ...DATES,
});

/** Auth0's older trigger versions, which run here in the same way as the current version. */
const COMPATIBLE: Readonly<Partial<Record<TriggerId, readonly string[]>>> = { 'post-login': ['v2'] };

/** Returns the versions of a trigger that an Action may name, the current one first. */
export function listTriggerVersions(trigger: TriggerId): readonly string[] {
  return [TRIGGERS[trigger].version, ...(COMPATIBLE[trigger] ?? [])];
}

/** A trigger in the list `GET /actions/triggers`. */
export const TRIGGER_OFFERED = viewOf<TriggerId>({
  id: ['string', (trigger) => trigger],
  version: ['string', (trigger) => TRIGGERS[trigger].version],
  status: ['string', () => 'CURRENT'],
  runtimes: [listOf('string'), () => RUNTIMES],
  default_runtime: ['string', () => DEFAULT_RUNTIME],
  binding_policy: ['string', () => 'trigger-bound'],
  compatible_triggers: [listOf(TRIGGER), (id) => (COMPATIBLE[id] ?? []).map((version) => ({ id, version }))],
});
