/** The modules of Actions, for the Management API. Secrets are sealed per row; answers show only their names. */
import { isDeepStrictEqual } from 'node:util';
import { type Kysely, type Selectable, type SqlBool, sql } from 'kysely';
import type { ActionDependency } from '../../../domain/actions/action.js';
import type { SecretBox } from '../../../kernel/seal.js';
import type {
  ActionModuleDirectory,
  ModuleChanges,
  ModuleContent,
  ModuleRecord,
  ModuleVersionRecord,
} from '../../../ports/directory/action-modules.js';
import type { NewVersion } from '../../../ports/directory/actions.js';
import type { Database } from '../../schema/schema.js';
import type { ActionModulesTable, ActionModuleVersionsTable } from '../../schema/schema-actions.js';
import { openSecrets, sealSecrets, toValues } from '../../secrets/action-secrets.js';
import { countIf, cutPage } from '../rows.js';
import { changeSecrets } from './actions.js';
import { toNames } from './actions-rows.js';

type ModuleRow = Selectable<ActionModulesTable>;
type VersionRow = Selectable<ActionModuleVersionsTable>;

/** SQL condition: the list `modules` of an Action's row names this module or version. */
const names = (modules: string, column: 'module_id' | 'module_version_id', id: string) =>
  sql<SqlBool>`${sql.ref(modules)} @> jsonb_build_array(jsonb_build_object(${sql.lit(column)}, ${id}::text))`;

function toContent(row: Pick<ModuleRow, 'code' | 'dependencies'>): ModuleContent {
  return { code: row.code, dependencies: row.dependencies as readonly ActionDependency[] };
}

function toVersion(box: SecretBox, row: VersionRow): ModuleVersionRecord {
  const secrets = openSecrets(box, 'action_module_versions', row.id, row.secrets_sealed);
  return {
    ...toContent(row),
    id: row.id,
    moduleId: row.module_id,
    number: row.number,
    secrets: toNames(secrets),
    createdAt: row.created_at,
  };
}

/** Selects Actions joined with their deployed versions. */
const deployedOf = (db: Kysely<Database>) =>
  db.selectFrom('actions').innerJoin('action_versions', 'action_versions.id', 'actions.deployed_version_id');

async function toRecord(db: Kysely<Database>, box: SecretBox, row: ModuleRow): Promise<ModuleRecord> {
  const versions = db.selectFrom('action_module_versions').selectAll().where('module_id', '=', row.id);
  const latest = await versions.orderBy('number', 'desc').limit(1).executeTakeFirst();
  const uses = deployedOf(db).where(names('action_versions.modules', 'module_id', row.id));
  return {
    ...toContent(row),
    id: row.id,
    name: row.name,
    secrets: toNames(openSecrets(box, 'action_modules', row.id, row.secrets_sealed)),
    hasDraft: row.has_draft,
    latest: latest && toVersion(box, latest),
    deployedUses: (await countIf({ limit: 1, count: true }, uses)) ?? 0,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

async function isNamed(db: Kysely<Database>, column: 'module_id' | 'module_version_id', id: string): Promise<boolean> {
  const draft = db
    .selectFrom('actions')
    .select('actions.id')
    .where(names('actions.modules', column, id));
  const deployed = deployedOf(db)
    .select('actions.id')
    .where(names('action_versions.modules', column, id));
  return (await draft.union(deployed).limit(1).execute()).length > 0;
}

/** Deletes the oldest unused version once `keep` are stored. Returns false when all of them are in use. */
async function makeRoom(db: Kysely<Database>, moduleId: string, keep: number): Promise<boolean> {
  const versions = await db
    .selectFrom('action_module_versions')
    .select('id')
    .where('module_id', '=', moduleId)
    .orderBy('number')
    .execute();
  if (versions.length < keep) return true;
  for (const { id } of versions) {
    // Keeps a version in use: the Action that runs it would lose its code.
    if (await isNamed(db, 'module_version_id', id)) continue;
    await db.deleteFrom('action_module_versions').where('id', '=', id).execute();
    return true;
  }
  return false;
}

/**
 * True when the draft equals this version. Secrets are compared by value: their dates change with every import of the
 * same tenant.
 */
function isPublished(box: SecretBox, row: ModuleRow, latest: VersionRow): boolean {
  const draft = openSecrets(box, 'action_modules', row.id, row.secrets_sealed);
  const kept = openSecrets(box, 'action_module_versions', latest.id, latest.secrets_sealed);
  return isDeepStrictEqual(
    [row.code, row.dependencies, toValues(draft)],
    [latest.code, latest.dependencies, toValues(kept)],
  );
}

async function publish(db: Kysely<Database>, box: SecretBox, row: ModuleRow, version: NewVersion): Promise<VersionRow> {
  const secrets = openSecrets(box, 'action_modules', row.id, row.secrets_sealed);
  await db.updateTable('action_modules').set({ has_draft: false }).where('id', '=', row.id).execute();
  return db
    .insertInto('action_module_versions')
    .values({
      module_id: row.id,
      id: version.id,
      number: sql<number>`(select coalesce(max(number), 0) + 1 from action_module_versions where module_id = ${row.id})`,
      code: row.code,
      dependencies: JSON.stringify(row.dependencies),
      secrets_sealed: sealSecrets(box, 'action_module_versions', version.id, secrets),
      created_at: version.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Creates the methods that read modules and their versions. */
function createReads(db: Kysely<Database>, box: SecretBox) {
  const modules = db.selectFrom('action_modules');
  const versionsOf = (moduleId: string) => db.selectFrom('action_module_versions').where('module_id', '=', moduleId);
  const toOne = async (row: ModuleRow | undefined) => row && toRecord(db, box, row);
  const toOneVersion = (row: VersionRow | undefined) => row && toVersion(box, row);
  return {
    async list(page) {
      const rows = await cutPage(modules.selectAll(), page, sql.ref('created_at'), sql.ref('id')).execute();
      const total = await countIf(page, modules);
      const items: ModuleRecord[] = [];
      for (const row of rows.slice(0, page.limit)) items.push(await toRecord(db, box, row));
      return { items, ...(total === undefined ? {} : { total }) };
    },
    find: async (id) => toOne(await modules.selectAll().where('id', '=', id).executeTakeFirst()),
    findByName: async (name) => toOne(await modules.selectAll().where('name', '=', name).executeTakeFirst()),
    isUsed: (id) => isNamed(db, 'module_id', id),
    async listUses(id, page) {
      const uses = deployedOf(db).where(names('action_versions.modules', 'module_id', id));
      const reference = sql<{ module_version_id: string; module_version_number: number }>`(
        select m from jsonb_array_elements(action_versions.modules) m where m ->> 'module_id' = ${id} limit 1)`;
      const query = uses
        .select(['actions.id', 'actions.name', 'action_versions.trigger', 'action_versions.trigger_version'])
        .select(reference.as('reference'))
        .orderBy('actions.created_at')
        .orderBy('actions.id')
        .limit(page.limit)
        .offset(page.offset ?? 0);
      const items = (await query.execute()).map((row) => ({
        actionId: row.id,
        actionName: row.name,
        trigger: row.trigger,
        triggerVersion: row.trigger_version,
        versionId: row.reference.module_version_id,
        number: row.reference.module_version_number,
      }));
      const total = await countIf(page, uses);
      return { items, ...(total === undefined ? {} : { total }) };
    },
    async listVersions(moduleId, page) {
      const query = versionsOf(moduleId).selectAll().orderBy('number', 'desc').limit(page.limit);
      const rows = await query.offset(page.offset ?? 0).execute();
      const total = await countIf(page, versionsOf(moduleId));
      return { items: rows.map((row) => toVersion(box, row)), ...(total === undefined ? {} : { total }) };
    },
    findVersion: async (moduleId, id) =>
      toOneVersion(await versionsOf(moduleId).selectAll().where('id', '=', id).executeTakeFirst()),
    findVersionOfNumber: async (moduleId, number) =>
      toOneVersion(await versionsOf(moduleId).selectAll().where('number', '=', number).executeTakeFirst()),
  } satisfies Partial<ActionModuleDirectory>;
}

/** Returns the columns that a change of the draft sets. */
function toColumns(box: SecretBox, row: ModuleRow, changes: ModuleChanges, at: Date) {
  const after = { ...toContent(row), ...changes };
  const before = openSecrets(box, 'action_modules', row.id, row.secrets_sealed);
  const secrets = changes.secrets === undefined ? before : changeSecrets(before, changes.secrets, at);
  return {
    code: after.code,
    dependencies: JSON.stringify(after.dependencies),
    secrets_sealed: sealSecrets(box, 'action_modules', row.id, secrets),
    has_draft: true,
    updated_at: at,
  };
}

/** Returns the directory of the tenant's modules. `box` seals their secrets. */
export function createActionModuleDirectory(db: Kysely<Database>, box: SecretBox): ActionModuleDirectory {
  const reads = createReads(db, box);
  const findRow = (id: string) => db.selectFrom('action_modules').selectAll().where('id', '=', id).executeTakeFirst();
  return {
    ...reads,
    async create({ id, name, code, dependencies, secrets, createdAt }) {
      const content = { code, dependencies: JSON.stringify(dependencies) };
      const sealed = sealSecrets(box, 'action_modules', id, secrets);
      const times = { created_at: createdAt, updated_at: createdAt };
      await db
        .insertInto('action_modules')
        .values({ id, name, ...content, secrets_sealed: sealed, ...times })
        .execute();
    },
    async update(id, changes, at) {
      const row = await findRow(id);
      if (row === undefined) return undefined;
      await db
        .updateTable('action_modules')
        .set(toColumns(box, row, changes, at))
        .where('id', '=', id)
        .execute();
      return reads.find(id);
    },
    async delete(id) {
      const result = await db.deleteFrom('action_modules').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    async publish(moduleId, version, keep) {
      const row = await findRow(moduleId);
      if (row === undefined) return undefined;
      const versions = db.selectFrom('action_module_versions').selectAll().where('module_id', '=', moduleId);
      const latest = await versions.orderBy('number', 'desc').limit(1).executeTakeFirst();
      if (latest !== undefined && isPublished(box, row, latest)) {
        await db.updateTable('action_modules').set({ has_draft: false }).where('id', '=', moduleId).execute();
        return toVersion(box, latest);
      }
      if (!(await makeRoom(db, moduleId, keep))) return 'full';
      return toVersion(box, await publish(db, box, row, version));
    },
    async rollBack(moduleId, versionId, at) {
      const versions = db.selectFrom('action_module_versions').where('module_id', '=', moduleId);
      const from = await versions.selectAll().where('id', '=', versionId).executeTakeFirst();
      if (from === undefined) return undefined;
      const newer = await versions.select('id').where('number', '>', from.number).executeTakeFirst();
      const secrets = openSecrets(box, 'action_module_versions', from.id, from.secrets_sealed);
      await db
        .updateTable('action_modules')
        .set({
          code: from.code,
          dependencies: JSON.stringify(from.dependencies),
          secrets_sealed: sealSecrets(box, 'action_modules', moduleId, secrets),
          // The draft equals the newest version again, so there is nothing to publish.
          has_draft: newer !== undefined,
          updated_at: at,
        })
        .where('id', '=', moduleId)
        .execute();
      return reads.find(moduleId);
    },
  };
}
