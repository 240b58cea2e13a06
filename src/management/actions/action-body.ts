/**
 * Checks the content of an Action in a request beyond its schema: trigger, limits, secrets, dependencies, code. The
 * limits are Auth0's (its pages "Actions: limitations" and "Entity limit policy"). Error texts never repeat code or the
 * value of a secret.
 */
import { type ActionDependency, isTriggerId, TRIGGERS, type TriggerId } from '../../domain/actions/action.js';
import type { ActionCheck, ActionDefect, CheckAction } from '../../ports/action-check.js';
import type { ActionContent, SecretChange, SecretName } from '../../ports/directory/actions.js';
import { badBody, ManagementError, notSupported } from '../api/errors.js';
import { DEFAULT_RUNTIME, listTriggerVersions } from './action-wire.js';

export const LIMITS = {
  actions: 100,
  versions: 50,
  bindings: 20,
  modules: 100,
  modulesOfAction: 3,
  codeBytes: 102_400,
  secrets: 30,
  secretName: 128,
  secretValue: 4_096,
  dependencies: 10,
  name: 255,
} as const;

/** A module of an Action as a request names it: by ids, or by name and number. */
export interface ReferenceBody {
  readonly module_id?: string;
  readonly module_name?: string;
  readonly module_version_id?: string;
  readonly module_version_number?: number;
}

export interface ActionBody {
  readonly name?: string;
  readonly supported_triggers?: readonly { readonly id: string; readonly version?: string }[];
  readonly code?: string;
  readonly dependencies?: readonly {
    readonly name?: string;
    readonly version?: string;
    readonly registry_url?: string;
  }[];
  readonly runtime?: string;
  readonly secrets?: readonly { readonly name?: string; readonly value?: unknown }[];
  readonly modules?: readonly ReferenceBody[];
  readonly deploy?: boolean;
}

/** Returns the error 403, Auth0's answer when a tenant already has the permitted number of things of this kind. */
export function tooMany(what: string): ManagementError {
  return new ManagementError(
    403,
    `You reached the limit of entities of this type for this tenant: ${what}.`,
    'too_many_entities',
  );
}

/** Parses the id of a trigger that this server has. Throws 400 for others, even Auth0's own. */
export function parseTrigger(id: string): TriggerId {
  if (isTriggerId(id)) return id;
  throw notSupported(`The trigger ${id} does not exist on this server: ${Object.keys(TRIGGERS).join(', ')} do.`);
}

function parseTriggers(triggers: NonNullable<ActionBody['supported_triggers']>) {
  const [first, second] = triggers;
  if (first === undefined || second !== undefined) throw badBody('An action supports one trigger.');
  const trigger = parseTrigger(first.id);
  const versions = listTriggerVersions(trigger);
  const triggerVersion = first.version ?? TRIGGERS[trigger].version;
  if (!versions.includes(triggerVersion)) {
    throw notSupported(`The trigger ${trigger} is here in version ${versions.join(' and ')}.`);
  }
  return { trigger, triggerVersion };
}

/** Returns the dependencies in a request's body, for an Action or a module. Throws 400. */
export function parseDependencies(body: NonNullable<ActionBody['dependencies']>): readonly ActionDependency[] {
  if (body.length > LIMITS.dependencies) throw badBody(`There are at most ${LIMITS.dependencies} dependencies.`);
  const dependencies = body.map(({ name, version = 'latest', registry_url }) => {
    if (name === undefined || name === '' || name.length > 214 || version === '' || version.length > 100)
      throw badBody('Each of the dependencies has a name and a version.');
    if (registry_url !== undefined && registry_url !== '')
      throw notSupported('Dependencies come with this server: registry_url is not supported.');
    return { name, version };
  });
  if (new Set(dependencies.map((dependency) => dependency.name)).size !== dependencies.length)
    throw badBody('dependencies names one package twice.');
  return dependencies;
}

/**
 * Returns the complete new list of the draft's secrets. A secret sent without a value keeps its value from `before`, as
 * the Dashboard expects. Throws 400 if `before` does not have that secret.
 */
export function parseSecrets(
  body: NonNullable<ActionBody['secrets']>,
  before: readonly SecretName[],
): readonly SecretChange[] {
  if (body.length > LIMITS.secrets) throw badBody(`There are at most ${LIMITS.secrets} secrets.`);
  const known = new Set(before.map((secret) => secret.name));
  const changes = body.map(({ name, value }) => {
    if (name === undefined || name === '' || name.length > LIMITS.secretName || name === '__proto__')
      throw badBody(`The name of a secret has 1 to ${LIMITS.secretName} characters.`);
    if (value !== undefined && typeof value !== 'string') throw badBody(`The value of the secret ${name} is no text.`);
    if (value !== undefined && value.length > LIMITS.secretValue)
      throw badBody(`The value of the secret ${name} has more than ${LIMITS.secretValue} characters.`);
    if (value === undefined && !known.has(name)) throw badBody(`The secret ${name} is new and has no value.`);
    return { name, value };
  });
  if (new Set(changes.map((change) => change.name)).size !== changes.length)
    throw badBody('secrets names one secret twice.');
  return changes;
}

function checkCode(code: string): string {
  if (Buffer.byteLength(code) > LIMITS.codeBytes)
    throw badBody(`The code of an action has at most ${LIMITS.codeBytes} bytes.`);
  return code;
}

function checkRuntime(runtime: string): string {
  if (!/^node(12|16|18|20|22|24)(-actions)?$/.test(runtime))
    throw badBody(`No such runtime: use ${DEFAULT_RUNTIME}. The code runs on the Node.js of this server.`);
  return runtime;
}

/** Returns `name` if it is a valid name of an Action. Throws 400 otherwise. */
export function checkName(name: string): string {
  if (name.trim() === '' || name.length > LIMITS.name)
    throw badBody(`The name of an action has 1 to ${LIMITS.name} characters.`);
  return name;
}

/** Returns only the content that a request contains, except modules (action-modules.ts). Throws 400. */
export function parseContent(body: ActionBody): Partial<Omit<ActionContent, 'modules'>> {
  return {
    ...(body.supported_triggers === undefined ? {} : parseTriggers(body.supported_triggers)),
    ...(body.code === undefined ? {} : { code: checkCode(body.code) }),
    ...(body.dependencies === undefined ? {} : { dependencies: parseDependencies(body.dependencies) }),
    ...(body.runtime === undefined ? {} : { runtime: checkRuntime(body.runtime) }),
  };
}

/** Returns the code for an Action that is created without any: a handler that does nothing. */
export function emptyCode(trigger: TriggerId): string {
  return `exports.${TRIGGERS[trigger].handler} = async (event, api) => {};\n`;
}

interface Named {
  readonly name: string;
}

/** Describes a defect in one sentence, with line and column, for the answer to a request. */
export function toSentence(defect: ActionDefect): string {
  const place = defect.line === undefined ? '' : ` (line ${defect.line}, column ${defect.column ?? 1})`;
  return `${defect.message.replace(/\.$/, '')}${place}.`;
}

/**
 * Checks a draft: why it cannot be deployed, and what the linter finds. Throws nothing because of the code: as on Auth0,
 * a draft with defects is stored.
 */
export function checkDraft(
  check: CheckAction,
  content: ActionContent,
  secrets: readonly Named[],
  caller: string,
): Promise<ActionCheck> {
  const { code, trigger, dependencies } = content;
  const names = { secrets: secrets.map(({ name }) => name), modules: content.modules.map(({ name }) => name) };
  return check({ code, trigger, dependencies, ...names }, caller);
}

/** Throws 400 for code that cannot run. A missing dependency is allowed: a test of the draft shows where it is needed. */
export async function checkRunnable(...source: Parameters<typeof checkDraft>): Promise<void> {
  const defect = (await checkDraft(...source)).errors.find((error) => error.kind === 'code');
  if (defect !== undefined) throw badBody(toSentence(defect));
}

/** Throws 400 when the code cannot run or needs a missing dependency. */
export async function checkDeployable(...source: Parameters<typeof checkDraft>): Promise<ActionCheck> {
  const found = await checkDraft(...source);
  if (found.errors.length > 0) throw badBody(found.errors.map(toSentence).join(' '));
  return found;
}
