/**
 * Branding and theme of the tenant, in its row, which every login reads. Page templates have a table of their own,
 * since they are long.
 */
import { type Kysely, sql } from 'kysely';
import type { BrandingDirectory } from '../../../ports/directory/branding.js';
import type { Database } from '../../schema/schema.js';

/** Creates the directory of branding, theme and templates. */
export function createBrandingDirectory(db: Kysely<Database>): BrandingDirectory {
  const getRow = (lock = false) => {
    const query = db.selectFrom('tenant').select(['branding', 'theme']).where('id', '=', 1);
    return (lock ? query.forNoKeyUpdate() : query).executeTakeFirstOrThrow();
  };
  return {
    getBranding: async () => (await getRow()).branding,
    getBrandingForUpdate: async () => (await getRow(true)).branding,
    async replaceBranding(branding) {
      await db
        .updateTable('tenant')
        .set({ branding: JSON.stringify(branding) })
        .where('id', '=', 1)
        .execute();
    },
    findTheme: async () => (await getRow()).theme ?? undefined,
    findThemeForUpdate: async () => (await getRow(true)).theme ?? undefined,
    async replaceTheme(theme) {
      const value = theme === undefined ? null : JSON.stringify(theme);
      await db.updateTable('tenant').set({ theme: value }).where('id', '=', 1).execute();
    },
    async findTemplate(name) {
      const row = await db.selectFrom('page_templates').select('body').where('name', '=', name).executeTakeFirst();
      return row?.body;
    },
    async putTemplate(name, body) {
      const row = await db
        .insertInto('page_templates')
        .values({ name, body })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ body }))
        // The hidden column xmax is 0 in a row that this statement inserted.
        .returning(sql<boolean>`xmax = 0`.as('is_new'))
        .executeTakeFirstOrThrow();
      return row.is_new;
    },
    async deleteTemplate(name) {
      await db.deleteFrom('page_templates').where('name', '=', name).execute();
    },
  };
}
