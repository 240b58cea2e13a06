/** Settings of the tenant: one row. */
import type { Kysely, Selectable, Updateable } from 'kysely';
import { toColumns, toSettings } from '../../management/api/fields.js';
import { toLook } from '../../management/branding/fields.js';
import { TENANT_COLUMNS } from '../../management/tenant/fields.js';
import type { TenantDirectory, TenantSettings } from '../../ports/directory/tenant.js';
import type { Database, TenantTable } from '../schema.js';

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

/** Settings of the tenant, of which there is one. */
export function createTenantDirectory(db: Kysely<Database>): TenantDirectory {
  const getSettings = async (lock = false) => {
    const query = db.selectFrom('tenant').selectAll().where('id', '=', 1);
    return toTenant(await (lock ? query.forNoKeyUpdate() : query).executeTakeFirstOrThrow());
  };
  return {
    getSettings: () => getSettings(),
    getSettingsForUpdate: () => getSettings(true),
    async updateSettings(changes) {
      const columns = toRow(changes);
      if (Object.keys(columns).length > 0) await db.updateTable('tenant').set(columns).where('id', '=', 1).execute();
      return getSettings();
    },
  };
}
