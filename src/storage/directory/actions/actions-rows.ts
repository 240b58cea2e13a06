/** Converts rows of Actions, versions and bindings into the port's records. Shows names of secrets, never values. */
import type { Kysely, Selectable } from 'kysely';
import type { ActionDependency, ActionSource, TriggerId } from '../../../domain/actions/action.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type {
  ActionContent,
  ActionRecord,
  ActionSecret,
  ActionVersionRecord,
  ModuleReference,
  SecretName,
} from '../../../ports/directory/actions.js';
import { type KeptReference, readModules } from '../../action-modules.js';
import type { Database } from '../../schema/schema.js';
import type { ActionsTable, ActionVersionsTable } from '../../schema/schema-actions.js';
import { openSecrets, toValues } from '../../secrets/action-secrets.js';
import { orUndefined } from '../rows.js';

export type ActionRow = Selectable<ActionsTable>;
export type VersionRow = Selectable<ActionVersionsTable>;

/** The parts of secrets that may be shown: names and dates. */
export const toNames = (secrets: readonly ActionSecret[]): SecretName[] =>
  secrets.map(({ name, updatedAt }) => ({ name, updatedAt }));

type ContentRow = Pick<ActionRow, 'trigger' | 'trigger_version' | 'code' | 'dependencies' | 'modules' | 'runtime'>;

function toReference(kept: KeptReference): ModuleReference {
  return {
    moduleId: kept.module_id,
    name: kept.module_name,
    versionId: kept.module_version_id,
    number: kept.module_version_number,
  };
}

function fromReference({ moduleId, name, versionId, number }: ModuleReference): KeptReference {
  return { module_id: moduleId, module_name: name, module_version_id: versionId, module_version_number: number };
}

/** Converts the content of a row: the part of an Action that a version copies. */
export function toContent(row: ContentRow): ActionContent {
  return {
    trigger: row.trigger as TriggerId,
    triggerVersion: row.trigger_version,
    code: row.code,
    dependencies: row.dependencies as readonly ActionDependency[],
    modules: (row.modules as readonly KeptReference[]).map(toReference),
    runtime: row.runtime,
  };
}

/** Returns the columns of the content that a version freezes. */
export function toContentColumns(content: ActionContent) {
  return {
    trigger: content.trigger,
    trigger_version: content.triggerVersion,
    code: content.code,
    dependencies: JSON.stringify(content.dependencies),
    modules: JSON.stringify(content.modules.map(fromReference)),
    runtime: content.runtime,
  };
}

/**
 * Returns the draft with its modules and decrypted secrets, under the version id `draft`. Throws Fault when the secrets
 * do not open.
 */
export async function toDraftSource(db: Kysely<Database>, box: SecretBox, row: ActionRow): Promise<ActionSource> {
  const secrets = openSecrets(box, 'actions', row.id, row.secrets_sealed);
  const { code, dependencies } = toContent(row);
  return {
    actionId: row.id,
    versionId: 'draft',
    name: row.name,
    code,
    dependencies,
    modules: await readModules(db, box, row.id),
    secrets: toValues(secrets),
  };
}

/** Returns a version without secret values. Throws Fault when its secrets do not open. */
export function toVersion(box: SecretBox, row: VersionRow): ActionVersionRecord {
  return {
    ...toContent(row),
    id: row.id,
    actionId: row.action_id,
    number: row.number,
    secrets: toNames(openSecrets(box, 'action_versions', row.id, row.secrets_sealed)),
    createdAt: row.created_at,
    builtAt: row.built_at,
  };
}

/** Returns Actions without secret values, each with its deployed version. Throws Fault when secrets do not open. */
export async function toActions(
  db: Kysely<Database>,
  box: SecretBox,
  rows: readonly ActionRow[],
): Promise<ActionRecord[]> {
  const ids = rows.flatMap((row) => (row.deployed_version_id === null ? [] : [row.deployed_version_id]));
  const versions =
    ids.length === 0 ? [] : await db.selectFrom('action_versions').selectAll().where('id', 'in', ids).execute();
  const deployed = new Map(versions.map((row) => [row.id, toVersion(box, row)]));
  return rows.map((row) => ({
    ...toContent(row),
    id: row.id,
    name: row.name,
    secrets: toNames(openSecrets(box, 'actions', row.id, row.secrets_sealed)),
    deployed: deployed.get(row.deployed_version_id ?? ''),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    builtAt: orUndefined(row.built_at),
  }));
}
