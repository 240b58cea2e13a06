/** Organizations: name, branding, metadata. Their connections are in enablements.ts, their domains in domains.ts. */
import { type Kysely, type RawBuilder, type Selectable, sql, type Updateable } from 'kysely';
import type { Branding } from '../../domain/tenant.js';
import type {
  OrganizationChanges,
  OrganizationDirectory,
  OrganizationRecord,
} from '../../ports/directory/organizations.js';
import type { Database, OrganizationsTable } from '../schema.js';
import { createDomains } from './domains.js';
import { createEnablements } from './enablements.js';
import { columnsOf, countIf, cutPage, orNull, orUndefined, toPage } from './rows.js';

/** Shape of the column, which the login's reads share: logo_url, colors.primary, colors.page_background. */
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

function fromBranding(branding: Branding | undefined): string {
  const colors = { primary: branding?.primaryColor, page_background: branding?.pageBackground };
  return JSON.stringify({ logo_url: branding?.logoUrl, colors });
}

/** The record of a row. */
export function toOrganization(row: Selectable<OrganizationsTable>): OrganizationRecord {
  return {
    id: row.id,
    name: row.name,
    displayName: orUndefined(row.display_name),
    branding: toBranding(row.branding),
    metadata: row.metadata,
    blocked: row.blocked,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function toColumns(changes: OrganizationChanges): Updateable<OrganizationsTable> {
  return columnsOf<OrganizationChanges, Updateable<OrganizationsTable>>(changes, {
    name: (value) => (value === undefined ? {} : { name: value }),
    displayName: (value) => ({ display_name: orNull(value) }),
    branding: (value) => ({ branding: fromBranding(value) }),
    metadata: (value) => ({ metadata: JSON.stringify(value ?? {}) }),
    blocked: (value) => (value === undefined ? {} : { blocked: value }),
    updatedAt: (value) => ({ updated_at: value }),
  });
}

/** Orders by a text. An organization without a display name is ordered by its name; the case of letters does not count. */
const ORDERS: Readonly<Record<'name' | 'displayName', RawBuilder<string | null>>> = {
  name: sql<string>`name`,
  displayName: sql<string>`lower(coalesce(display_name, name))`,
};

const NO_TEXT = sql<string | null>`null`;

/** Organizations, their connections and domains. */
export function createOrganizationDirectory(db: Kysely<Database>): OrganizationDirectory {
  return {
    ...createEnablements(db),
    ...createDomains(db),
    async list(page, sortBy) {
      const text = sortBy === undefined ? undefined : ORDERS[sortBy];
      const base = db
        .selectFrom('organizations')
        .selectAll()
        .select((text ?? NO_TEXT).as('text'));
      const query = cutPage(base, page, text ?? sql.ref('created_at'), sql.ref('id'));
      const total = await countIf(page, db.selectFrom('organizations'));
      return toPage(await query.execute(), page, total, toOrganization, (row) => ({
        createdAt: row.created_at,
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
          id: organization.id,
          name: organization.name,
          display_name: orNull(organization.displayName),
          branding: fromBranding(organization.branding),
          metadata: JSON.stringify(organization.metadata),
          blocked: organization.blocked,
          created_at: organization.createdAt,
          updated_at: organization.updatedAt,
        })
        .execute();
    },
    async update(id, changes) {
      const row = await db
        .updateTable('organizations')
        .set(toColumns(changes))
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst();
      return row && toOrganization(row);
    },
    async delete(id) {
      const result = await db.deleteFrom('organizations').where('id', '=', id).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
