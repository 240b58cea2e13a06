/** Organizations: name, branding, metadata. Their connections are in enablements.ts, their domains in domains.ts. */
import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely';
import type { Branding } from '../../../domain/tenant.js';
import { type ColumnsOf, toColumns, toSettings } from '../../../management/api/fields.js';
import { ORGANIZATION_FIELDS } from '../../../management/organizations/fields.js';
import type {
  OrganizationChanges,
  OrganizationDirectory,
  OrganizationFilter,
  OrganizationRecord,
} from '../../../ports/directory/organizations.js';
import type { Database, OrganizationsTable } from '../../schema/schema.js';
import { beginsWith, countIf, cutPage, toPage } from '../rows.js';
import { createDomains } from './domains.js';
import { createEnablements } from './enablements.js';
import { createOrganizationClients } from './organization-clients.js';

/** JSON in the column `branding`. The login's reads use the same shape. */
interface StoredBranding {
  readonly logo_url?: string;
  readonly colors?: { readonly primary?: string; readonly page_background?: string };
}

function toBranding(stored: StoredBranding | null): Branding {
  return {
    logoUrl: stored?.logo_url,
    primaryColor: stored?.colors?.primary,
    pageBackground: stored?.colors?.page_background,
  };
}

function fromBranding({ logoUrl, primaryColor, pageBackground }: Branding): string {
  return JSON.stringify({ logo_url: logoUrl, colors: { primary: primaryColor, page_background: pageBackground } });
}

/** Converts a row of organizations into the port's record. */
export function toOrganization(row: Selectable<OrganizationsTable>): OrganizationRecord {
  return {
    ...toSettings(ORGANIZATION_FIELDS, row),
    id: row.id,
    branding: toBranding(row.branding),
    metadata: row.metadata,
    tokenQuota: row.token_quota ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const toQuota = (quota: OrganizationRecord['tokenQuota']) => (quota === undefined ? null : JSON.stringify(quota));

function toRow({ branding, metadata, updatedAt, ...settings }: OrganizationChanges) {
  return {
    ...toColumns(ORGANIZATION_FIELDS, settings),
    ...(branding !== undefined && { branding: fromBranding(branding) }),
    ...(metadata !== undefined && { metadata: JSON.stringify(metadata) }),
    ...('tokenQuota' in settings && { token_quota: toQuota(settings.tokenQuota) }),
    updated_at: updatedAt,
  };
}

/**
 * Sort keys of organizations. For `displayName`, an organization without one is sorted by its name. That key ignores
 * case, in the order of code points, so that the index serves searches by prefix too.
 */
const ORDERS: Readonly<Record<'name' | 'displayName', RawBuilder<string | null>>> = {
  name: sql<string>`name`,
  displayName: sql<string>`lower(coalesce(display_name, name)) collate "C"`,
};

const NO_TEXT = sql<string | null>`null`;

/**
 * Selects all organizations except the operators': a tool that makes a tenant equal to a file (such as Auth0's
 * deploy-cli) would delete it.
 */
function customers(db: Kysely<Database>, { startsWith }: OrganizationFilter) {
  const ofOperators = db.selectFrom('operators').select('organization_id');
  const all = db.selectFrom('organizations').where('id', 'not in', ofOperators);
  return startsWith === undefined ? all : all.where(beginsWith(ORDERS.displayName, startsWith));
}

/** Returns the directory of organizations, their connections and domains. */
export function createOrganizationDirectory(db: Kysely<Database>): OrganizationDirectory {
  return {
    ...createEnablements(db),
    ...createDomains(db),
    ...createOrganizationClients(db),
    async list(page, { sortBy, ...filter } = {}) {
      const text = sortBy === undefined ? undefined : ORDERS[sortBy];
      const base = customers(db, filter)
        .selectAll()
        .select((text ?? NO_TEXT).as('text'));
      const query = cutPage(base, page, text ?? sql.ref('created_at'), sql.ref('id'));
      const total = await countIf(page, customers(db, filter));
      return toPage(await query.execute(), page, total, toOrganization, (row) => ({
        createdAt: text === undefined ? row.page_time : row.created_at.toISOString(),
        id: row.id,
        ...(row.text === null ? {} : { text: row.text }),
      }));
    },
    async find(id) {
      const row = await db.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirst();
      return row && toOrganization(row);
    },
    async findByName(name) {
      const row = await db.selectFrom('organizations').selectAll().where('name', '=', name).executeTakeFirst();
      return row && toOrganization(row);
    },
    async create(organization) {
      await db
        .insertInto('organizations')
        .values({
          ...(toColumns(ORGANIZATION_FIELDS, organization) as ColumnsOf<typeof ORGANIZATION_FIELDS>),
          id: organization.id,
          branding: fromBranding(organization.branding),
          metadata: JSON.stringify(organization.metadata),
          token_quota: toQuota(organization.tokenQuota),
          created_at: organization.createdAt,
          updated_at: organization.updatedAt,
        })
        .execute();
    },
    async update(id, changes) {
      const row = await db
        .updateTable('organizations')
        .set(toRow(changes))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row && toOrganization(row);
    },
    async delete(id) {
      const result = await db.deleteFrom('organizations').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
    async findWithoutFactor(factors) {
      const given = sql<string[]>`${[...factors]}::text[]`;
      const row = await db
        .selectFrom('organizations')
        .select('name')
        .where('mfa', '<>', 'none')
        // The factors of operators do not depend on the tenant's.
        .where(sql<boolean>`not exists (select from operators p where p.organization_id = organizations.id)`)
        .where(
          sql<boolean>`case when mfa_factors = '{}' then cardinality(${given}) = 0 else not mfa_factors && ${given} end`,
        )
        .orderBy('name')
        .limit(1)
        .executeTakeFirst();
      return row?.name;
    },
  };
}
