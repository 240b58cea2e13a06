/** Actions, for the Management API. Secrets are sealed per row; a list shows only their names. */
import { type Kysely, sql } from 'kysely';
import type { SecretBox } from '../../../kernel/seal.js';
import type {
  ActionChanges,
  ActionDirectory,
  ActionFilter,
  ActionRecord,
  ActionSecret,
  SecretChange,
} from '../../../ports/directory/actions.js';
import type { Database } from '../../schema/schema.js';
import { openSecrets, sealSecrets } from '../../secrets/action-secrets.js';
import { countIf, cutPage, orNull } from '../rows.js';
import { createBindings } from './actions-bindings.js';
import { type ActionRow, toActions, toContent, toContentColumns, toDraftSource } from './actions-rows.js';
import { createVersions } from './actions-versions.js';

/** Returns the whole new list of secrets. A change without a value keeps the former value. */
export function changeSecrets(
  before: readonly ActionSecret[],
  changes: readonly SecretChange[],
  at: Date,
): ActionSecret[] {
  const known = new Map(before.map((secret) => [secret.name, secret]));
  return changes.flatMap(({ name, value }) => {
    if (value !== undefined) return [{ name, value, updatedAt: at }];
    const kept = known.get(name);
    return kept === undefined ? [] : [kept];
  });
}

/**
 * Creates the two methods around a change to deployed or bound Actions. `beginChange` locks the tenant's row;
 * `endChange` writes the new revision and the list of bound triggers there.
 */
function createChange(db: Kysely<Database>): Pick<ActionDirectory, 'beginChange' | 'endChange'> {
  return {
    async beginChange() {
      await sql`select 1 from tenant where id = 1 for no key update`.execute(db);
    },
    async endChange(revision) {
      await sql`
        update tenant set actions_revision = ${revision}, actions_bound = array(
          select distinct b.trigger from action_bindings b join actions a on a.id = b.action_id
          where a.deployed_version_id is not null order by 1)
        where id = 1`.execute(db);
    },
  };
}

/** Returns the directory of the tenant's Actions. `box` seals their secrets. */
export function createActionDirectory(db: Kysely<Database>, box: SecretBox): ActionDirectory {
  const filtered = (filter: ActionFilter) => {
    let query = db.selectFrom('actions');
    if (filter.trigger !== undefined) query = query.where('trigger', '=', filter.trigger);
    if (filter.name !== undefined) query = query.where('name', '=', filter.name);
    if (filter.deployed !== undefined)
      query = query.where('deployed_version_id', filter.deployed ? 'is not' : 'is', null);
    return query;
  };
  const findRow = (id: string) => db.selectFrom('actions').selectAll().where('id', '=', id).executeTakeFirst();
  const toOne = async (row: ActionRow | undefined): Promise<ActionRecord | undefined> =>
    row && (await toActions(db, box, [row]))[0];
  const toColumns = (row: ActionRow, changes: ActionChanges, at: Date) => {
    const after = { ...toContent(row), ...changes };
    const secrets = changes.secrets;
    return {
      ...toContentColumns(after),
      name: changes.name ?? row.name,
      updated_at: at,
      built_at: 'builtAt' in changes ? orNull(changes.builtAt) : row.built_at,
      ...(secrets === undefined
        ? {}
        : {
            secrets_sealed: sealSecrets(
              box,
              'actions',
              row.id,
              changeSecrets(openSecrets(box, 'actions', row.id, row.secrets_sealed), secrets, at),
            ),
          }),
    };
  };
  return {
    ...createChange(db),
    ...createVersions(db, box),
    ...createBindings(db, box),
    async list(filter, page) {
      const rows = await cutPage(filtered(filter).selectAll(), page, sql.ref('created_at'), sql.ref('id')).execute();
      const total = await countIf(page, filtered(filter));
      const items = await toActions(db, box, rows.slice(0, page.limit));
      return { items, ...(total === undefined ? {} : { total }) };
    },
    find: async (id) => toOne(await findRow(id)),
    findByName: async (name) => toOne(await filtered({ name }).selectAll().executeTakeFirst()),
    async findDraft(id) {
      const row = await findRow(id);
      return row && toDraftSource(db, box, row);
    },
    async create(action) {
      await db
        .insertInto('actions')
        .values({
          ...toContentColumns(action),
          id: action.id,
          name: action.name,
          secrets_sealed: sealSecrets(box, 'actions', action.id, action.secrets),
          created_at: action.createdAt,
          updated_at: action.updatedAt,
          built_at: orNull(action.builtAt),
        })
        .execute();
    },
    async update(id, changes, at) {
      const row = await findRow(id);
      if (row === undefined) return undefined;
      const query = db
        .updateTable('actions')
        .set(toColumns(row, changes, at))
        .where('id', '=', id)
        .returningAll();
      return toOne(await query.executeTakeFirst());
    },
    async delete(id) {
      await db.deleteFrom('action_bindings').where('action_id', '=', id).execute();
      const result = await db.deleteFrom('actions').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
