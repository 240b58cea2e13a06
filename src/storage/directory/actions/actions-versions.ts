/**
 * Versions of Actions: created by deploying, never changed afterwards. A version holds its own sealed copy of the
 * secrets.
 */
import { type Kysely, sql } from 'kysely';
import type { SecretBox } from '../../../kernel/seal.js';
import type { ActionDirectory, ActionSecret, NewVersion } from '../../../ports/directory/actions.js';
import type { Database } from '../../schema/schema.js';
import { openSecrets, sealSecrets } from '../../secrets/action-secrets.js';
import { countIf } from '../rows.js';
import { type ActionRow, toVersion, type VersionRow } from './actions-rows.js';

type Versions = Pick<ActionDirectory, 'listVersions' | 'findVersion' | 'deploy' | 'deployAgain'>;

/** Returns the columns that a draft and a version have in common. */
function copyContent(row: ActionRow | VersionRow) {
  const { trigger, trigger_version, code, dependencies, modules, runtime } = row;
  const lists = { dependencies: JSON.stringify(dependencies), modules: JSON.stringify(modules) };
  return { trigger, trigger_version, code, ...lists, runtime };
}

/** Inserts a version, makes it the deployed one, and deletes the oldest beyond `keep`. */
async function putVersion(
  db: Kysely<Database>,
  box: SecretBox,
  actionId: string,
  source: { readonly row: ActionRow | VersionRow; readonly secrets: readonly ActionSecret[] },
  version: NewVersion,
  keep: number,
): Promise<VersionRow> {
  const row = await db
    .insertInto('action_versions')
    .values({
      ...copyContent(source.row),
      action_id: actionId,
      id: version.id,
      number: sql<number>`(select coalesce(max(number), 0) + 1 from action_versions where action_id = ${actionId})`,
      secrets_sealed: sealSecrets(box, 'action_versions', version.id, source.secrets),
      created_at: version.at,
      built_at: version.at,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await db.updateTable('actions').set({ deployed_version_id: version.id }).where('id', '=', actionId).execute();
  // The deployed version is the newest, so it is never deleted here.
  await sql`
    delete from action_versions where action_id = ${actionId} and number not in
      (select number from action_versions where action_id = ${actionId} order by number desc limit ${keep})`.execute(
    db,
  );
  return row;
}

/** Returns the methods for versions. `box` seals their secrets. */
export function createVersions(db: Kysely<Database>, box: SecretBox): Versions {
  const versionsOf = (actionId: string) => db.selectFrom('action_versions').where('action_id', '=', actionId);
  const findRow = (actionId: string, id: string) =>
    versionsOf(actionId).selectAll().where('id', '=', id).executeTakeFirst();
  return {
    async listVersions(actionId, page) {
      const query = versionsOf(actionId).selectAll().orderBy('number', 'desc').limit(page.limit);
      const rows = await query.offset(page.offset ?? 0).execute();
      const total = await countIf(page, versionsOf(actionId));
      return { items: rows.map((row) => toVersion(box, row)), ...(total === undefined ? {} : { total }) };
    },
    async findVersion(actionId, id) {
      const row = await findRow(actionId, id);
      return row && toVersion(box, row);
    },
    async deploy(actionId, version, keep) {
      const row = await db.selectFrom('actions').selectAll().where('id', '=', actionId).executeTakeFirst();
      if (row === undefined) return undefined;
      const secrets = openSecrets(box, 'actions', row.id, row.secrets_sealed);
      return toVersion(box, await putVersion(db, box, actionId, { row, secrets }, version, keep));
    },
    async deployAgain(actionId, from, version, { updateDraft, keep }) {
      const row = await findRow(actionId, from);
      if (row === undefined) return undefined;
      const secrets = openSecrets(box, 'action_versions', row.id, row.secrets_sealed);
      const put = await putVersion(db, box, actionId, { row, secrets }, version, keep);
      if (updateDraft) {
        await db
          .updateTable('actions')
          .set({
            ...copyContent(put),
            secrets_sealed: sealSecrets(box, 'actions', actionId, secrets),
            updated_at: version.at,
            built_at: version.at,
          })
          .where('id', '=', actionId)
          .execute();
      }
      return toVersion(box, put);
    },
  };
}
