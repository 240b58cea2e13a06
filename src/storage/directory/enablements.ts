/** Which connections an organization enabled, and how it uses them. Every write gives the row a new revision. */
import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import type {
  EnablementRecord,
  EnablementSettings,
  OrganizationDirectory,
} from '../../ports/directory/organizations.js';
import type { ConnectionsTable, Database, OrganizationConnectionsTable } from '../schema.js';
import { columnsOf, countIf, cutPage, orNull, orUndefined, toPage } from './rows.js';

type Row = Selectable<OrganizationConnectionsTable> & Pick<Selectable<ConnectionsTable>, 'name' | 'strategy'>;

function toEnablement(row: Row): EnablementRecord {
  return {
    organizationId: row.organization_id,
    connectionId: row.connection_id,
    connectionName: row.name,
    strategy: row.strategy,
    isEnabled: row.is_enabled,
    assignMembershipOnLogin: row.assign_membership_on_login,
    showAsButton: row.show_as_button,
    isSignupEnabled: row.is_signup_enabled,
    organizationConnectionName: orUndefined(row.organization_connection_name),
    organizationAccessLevel: row.organization_access_level,
    linkExistingMembers: row.link_existing_members,
    ssoRollout: row.sso_rollout,
    autoMembershipCondition: orUndefined(row.auto_membership_condition),
    createdAt: row.created_at,
  };
}

function toColumns(changes: Partial<EnablementSettings>): Updateable<OrganizationConnectionsTable> {
  return columnsOf<Partial<EnablementSettings>, Updateable<OrganizationConnectionsTable>>(changes, {
    isEnabled: (value) => (value === undefined ? {} : { is_enabled: value }),
    assignMembershipOnLogin: (value) => (value === undefined ? {} : { assign_membership_on_login: value }),
    showAsButton: (value) => (value === undefined ? {} : { show_as_button: value }),
    isSignupEnabled: (value) => (value === undefined ? {} : { is_signup_enabled: value }),
    organizationConnectionName: (value) => ({ organization_connection_name: orNull(value) }),
    organizationAccessLevel: (value) => (value === undefined ? {} : { organization_access_level: value }),
    linkExistingMembers: (value) => (value === undefined ? {} : { link_existing_members: value }),
    ssoRollout: (value) => (value === undefined ? {} : { sso_rollout: value }),
    autoMembershipCondition: (value) => ({ auto_membership_condition: orNull(value) }),
  });
}

type Enablements = Pick<
  OrganizationDirectory,
  'listEnablements' | 'findEnablement' | 'enable' | 'updateEnablement' | 'disable'
>;

/** How organizations use connections. */
export function createEnablements(db: Kysely<Database>): Enablements {
  const of = (organizationId: string) =>
    db
      .selectFrom('organization_connections')
      .innerJoin('connections', 'connections.id', 'organization_connections.connection_id')
      .where('organization_connections.organization_id', '=', organizationId);
  const find = async (organizationId: string, connectionId: string) => {
    const row = await of(organizationId)
      .selectAll('organization_connections')
      .select(['connections.name', 'connections.strategy'])
      .where('organization_connections.connection_id', '=', connectionId)
      .executeTakeFirst();
    return row && toEnablement(row);
  };
  return {
    async listEnablements(organizationId, filter, page) {
      let base = of(organizationId);
      if (filter.isEnabled !== undefined)
        base = base.where('organization_connections.is_enabled', '=', filter.isEnabled);
      const rows = await cutPage(
        base.selectAll('organization_connections').select(['connections.name', 'connections.strategy']),
        page,
        sql.ref('organization_connections.created_at'),
        sql.ref('organization_connections.connection_id'),
      ).execute();
      const total = await countIf(page, base);
      return toPage(rows, page, total, toEnablement, (row) => ({ createdAt: row.created_at, id: row.connection_id }));
    },
    findEnablement: find,
    async enable(organizationId, connectionId, settings, revision, at) {
      await db
        .insertInto('organization_connections')
        .values({
          organization_id: organizationId,
          connection_id: connectionId,
          is_enabled: settings.isEnabled,
          assign_membership_on_login: settings.assignMembershipOnLogin,
          show_as_button: settings.showAsButton,
          is_signup_enabled: settings.isSignupEnabled,
          organization_connection_name: orNull(settings.organizationConnectionName),
          organization_access_level: settings.organizationAccessLevel,
          link_existing_members: settings.linkExistingMembers,
          sso_rollout: settings.ssoRollout,
          auto_membership_condition: orNull(settings.autoMembershipCondition),
          revision,
          created_at: at,
        })
        .execute();
    },
    async updateEnablement(organizationId, connectionId, changes, revision) {
      await db
        .updateTable('organization_connections')
        .set({ ...toColumns(changes), revision })
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .execute();
      return find(organizationId, connectionId);
    },
    async disable(organizationId, connectionId) {
      const result = await db
        .deleteFrom('organization_connections')
        .where('organization_id', '=', organizationId)
        .where('connection_id', '=', connectionId)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
