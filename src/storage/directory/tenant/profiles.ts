/** Connection profiles and user attribute profiles. Applications name them in their settings, which have no foreign key. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { ProfileDirectory, ProfileRecord } from '../../../ports/directory/profiles.js';
import type { Database } from '../../schema/schema.js';
import type { ProfilesTable } from '../../schema/schema-self-service.js';
import { cutPage, toPage } from '../rows.js';

const toProfile = ({ id, name, settings, created_at }: Selectable<ProfilesTable>): ProfileRecord => ({
  id,
  name,
  settings,
  createdAt: created_at,
});

/** Applications that an answer names at most. */
const MOST_USERS = 3;

/** Creates the {@link ProfileDirectory}. */
export function createProfileDirectory(db: Kysely<Database>): ProfileDirectory {
  return {
    async list(kind, page) {
      const base = db.selectFrom('profiles').selectAll().where('kind', '=', kind);
      const rows = await cutPage(base, page, sql.ref('created_at'), sql.ref('id')).execute();
      return toPage(rows, page, undefined, toProfile, (row) => ({ createdAt: row.page_time, id: row.id }));
    },
    async count(kind) {
      const { count } = await db
        .selectFrom('profiles')
        .select((e) => e.fn.countAll<string>().as('count'))
        .where('kind', '=', kind)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async find(kind, id) {
      const row = await db
        .selectFrom('profiles')
        .selectAll()
        .where('kind', '=', kind)
        .where('id', '=', id)
        .executeTakeFirst();
      return row && toProfile(row);
    },
    async hold(kind, id) {
      const { rows } = await sql`select 1 from profiles where kind = ${kind} and id = ${id} for key share`.execute(db);
      return rows.length > 0;
    },
    async create(kind, { id, name, settings, createdAt }) {
      await db
        .insertInto('profiles')
        .values({ kind, id, name, settings: JSON.stringify(settings), created_at: createdAt })
        .execute();
    },
    async update(kind, { id, name, settings }) {
      const row = await db
        .updateTable('profiles')
        .set({ name, settings: JSON.stringify(settings) })
        .where('kind', '=', kind)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row && toProfile(row);
    },
    async remove(kind, id) {
      await db.deleteFrom('profiles').where('kind', '=', kind).where('id', '=', id).execute();
    },
    async listUsers(kind, id) {
      const { rows } = await sql<{ readonly name: string }>`
        select name from clients
        where extra -> 'my_organization_configuration' ->> ${`${kind}_profile_id`} = ${id}
        order by created_at, client_id limit ${MOST_USERS}`.execute(db);
      return rows.map(({ name }) => name);
    },
  };
}
