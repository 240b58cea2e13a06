/** Settings of the tenant: one row. */
import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type { PromptTexts } from '../../../domain/look/custom-text.js';
import { toColumns, toSettings } from '../../../management/api/fields.js';
import { toLook } from '../../../management/branding/fields.js';
import { TENANT_COLUMNS } from '../../../management/tenant/fields.js';
import type { TenantDirectory, TenantSettings } from '../../../ports/directory/tenant.js';
import type { Database, TenantTable } from '../../schema/schema.js';

const toTenant = (row: Selectable<TenantTable>): TenantSettings => ({
  ...toSettings(TENANT_COLUMNS, row),
  extra: row.extra,
  look: toLook(row.branding, row.theme),
});

function toRow({ extra, ...settings }: Partial<Omit<TenantSettings, 'look'>>): Updateable<TenantTable> {
  return {
    ...toColumns(TENANT_COLUMNS, settings),
    ...(extra !== undefined && { extra: JSON.stringify(extra) }),
  };
}

/** Creates the directory of the tenant's settings. */
export function createTenantDirectory(db: Kysely<Database>): TenantDirectory {
  const getSettings = async (lock = false) => {
    const query = db.selectFrom('tenant').selectAll().where('id', '=', 1);
    return toTenant(await (lock ? query.forNoKeyUpdate() : query).executeTakeFirstOrThrow());
  };
  const getProtection = async (lock = false) => {
    const query = db.selectFrom('tenant').select('attack_protection').where('id', '=', 1);
    return (await (lock ? query.forNoKeyUpdate() : query).executeTakeFirstOrThrow()).attack_protection;
  };
  const getGuardian = async (lock = false) => {
    const query = db.selectFrom('tenant').select('guardian').where('id', '=', 1);
    return (await (lock ? query.forNoKeyUpdate() : query).executeTakeFirstOrThrow()).guardian;
  };
  return {
    getSettings: () => getSettings(),
    getSettingsForUpdate: () => getSettings(true),
    async updateSettings(changes) {
      const columns = toRow(changes);
      if (Object.keys(columns).length > 0) await db.updateTable('tenant').set(columns).where('id', '=', 1).execute();
      return getSettings();
    },
    getProtection: () => getProtection(),
    getProtectionForUpdate: () => getProtection(true),
    async replaceProtection(protection) {
      const attack_protection = JSON.stringify(protection);
      await db.updateTable('tenant').set({ attack_protection }).where('id', '=', 1).execute();
    },
    getGuardian: () => getGuardian(),
    getGuardianForUpdate: () => getGuardian(true),
    async replaceGuardian(guardian) {
      await db
        .updateTable('tenant')
        .set({ guardian: JSON.stringify(guardian) })
        .where('id', '=', 1)
        .execute();
    },
    async hasOwnDomain() {
      const row = await db.selectFrom('tenant').select('own_domain_listed').where('id', '=', 1).executeTakeFirst();
      return row?.own_domain_listed === true;
    },
    async setOwnDomain(isListed) {
      const changed = await db
        .updateTable('tenant')
        .set({ own_domain_listed: isListed })
        .where('id', '=', 1)
        .where('own_domain_listed', '<>', isListed)
        .executeTakeFirst();
      return changed.numUpdatedRows > 0n;
    },
    async getTexts(prompt, locale) {
      const row = await db
        .selectFrom('custom_texts')
        .select('screens')
        .where('prompt', '=', prompt)
        .where('language', '=', locale)
        .executeTakeFirst();
      return (row?.screens ?? {}) as PromptTexts;
    },
    async setTexts(prompt, locale, texts) {
      // Locks out other writers: otherwise the removal of the last text could hide one just added.
      await getSettings(true);
      const screens = JSON.stringify(texts);
      if (Object.values(texts).every((screen) => Object.keys(screen).length === 0))
        await db.deleteFrom('custom_texts').where('prompt', '=', prompt).where('language', '=', locale).execute();
      else
        await db
          .insertInto('custom_texts')
          .values({ prompt, language: locale, screens })
          .onConflict((conflict) => conflict.columns(['prompt', 'language']).doUpdateSet({ screens }))
          .execute();
      const revision = sql<string>`case when exists (select from custom_texts) then gen_random_uuid()::text else '' end`;
      await db.updateTable('tenant').set({ texts_revision: revision }).where('id', '=', 1).execute();
    },
  };
}
