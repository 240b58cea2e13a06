/** Settings of the tenant: one row. */
import type { Kysely, Selectable, Updateable } from 'kysely';
import type { TenantDirectory, TenantSettings } from '../../ports/directory/tenant.js';
import type { Database, TenantTable } from '../schema.js';
import { columnsOf, orNull, orUndefined } from './rows.js';

function toSettings(row: Selectable<TenantTable>): TenantSettings {
  return {
    friendlyName: row.friendly_name,
    defaultRedirectionUri: orUndefined(row.default_redirection_uri),
    allowOrganizationName: row.allow_organization_name,
    membershipEvaluation: row.membership_evaluation,
    sessionLifetimeSeconds: row.session_lifetime_seconds,
    idleSessionLifetimeSeconds: row.idle_session_lifetime_seconds,
    extra: row.extra,
  };
}

function toColumns(changes: Partial<TenantSettings>): Updateable<TenantTable> {
  return columnsOf<Partial<TenantSettings>, Updateable<TenantTable>>(changes, {
    friendlyName: (value) => (value === undefined ? {} : { friendly_name: value }),
    defaultRedirectionUri: (value) => ({ default_redirection_uri: orNull(value) }),
    allowOrganizationName: (value) => (value === undefined ? {} : { allow_organization_name: value }),
    membershipEvaluation: (value) => (value === undefined ? {} : { membership_evaluation: value }),
    sessionLifetimeSeconds: (value) => (value === undefined ? {} : { session_lifetime_seconds: value }),
    idleSessionLifetimeSeconds: (value) => (value === undefined ? {} : { idle_session_lifetime_seconds: value }),
    extra: (value) => (value === undefined ? {} : { extra: JSON.stringify(value) }),
  });
}

/** Settings of the tenant, of which there is one. */
export function createTenantDirectory(db: Kysely<Database>): TenantDirectory {
  const getSettings = async (lock = false) => {
    const query = db.selectFrom('tenant').selectAll().where('id', '=', 1);
    return toSettings(await (lock ? query.forNoKeyUpdate() : query).executeTakeFirstOrThrow());
  };
  return {
    getSettings: () => getSettings(),
    getSettingsForUpdate: () => getSettings(true),
    async updateSettings(changes) {
      const columns = toColumns(changes);
      if (Object.keys(columns).length > 0) await db.updateTable('tenant').set(columns).where('id', '=', 1).execute();
      return getSettings();
    },
  };
}
