/** Discovery domains. The database's unique index, not this file, ensures that at most one organization has proved a domain. */
import { type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { type ColumnsOf, toColumns, toSettings } from '../../management/api/fields.js';
import { DOMAIN_FIELDS } from '../../management/discovery-domains/fields.js';
import type { DomainRecord, OrganizationDirectory } from '../../ports/directory/organizations.js';
import type { Database, DiscoveryDomainsTable } from '../schema.js';
import { countIf, cutPage, orNull, orUndefined, toPage } from './rows.js';

function toDomain(row: Selectable<DiscoveryDomainsTable>): DomainRecord {
  return {
    ...toSettings(DOMAIN_FIELDS, row),
    id: row.id,
    organizationId: row.organization_id,
    domain: row.domain,
    verificationTxt: row.verification_txt,
    verifiedAt: orUndefined(row.verified_at),
    createdAt: row.created_at,
  };
}

type Changes = Parameters<OrganizationDirectory['updateDomain']>[2];

function toRow(changes: Changes): Updateable<DiscoveryDomainsTable> {
  const { verifiedAt, ...settings } = changes;
  return {
    ...toColumns(DOMAIN_FIELDS, settings),
    ...('verifiedAt' in changes && { verified_at: orNull(verifiedAt) }),
  };
}

/**
 * A login under way relies on proved domains: when a proof ends, the enablements that rely on it get a new revision, and the
 * login is refused (linking rule, part 1.2). Runs before the domain's own row is written: a login locks in that order too.
 */
async function renewEnablements(db: Kysely<Database>, organizationId: string, id: string): Promise<void> {
  await sql`update organization_connections e set revision = md5(e.revision || d.id)
    from discovery_domains d, connections c
    where d.organization_id = ${organizationId} and d.id = ${id} and d.status = 'verified'
      and e.organization_id = d.organization_id and c.id = e.connection_id and d.domain = any (c.domain_aliases)`.execute(
    db,
  );
}

type Domains = Pick<
  OrganizationDirectory,
  | 'listDomains'
  | 'findDomain'
  | 'findDomainByName'
  | 'isProvedElsewhere'
  | 'createDomain'
  | 'updateDomain'
  | 'deleteDomain'
>;

/** Discovery domains of organizations. */
export function createDomains(db: Kysely<Database>): Domains {
  const of = (organizationId: string) =>
    db.selectFrom('discovery_domains').where('organization_id', '=', organizationId);
  const find = async (organizationId: string, column: 'id' | 'domain', value: string) => {
    const row = await of(organizationId).selectAll().where(column, '=', value).executeTakeFirst();
    return row && toDomain(row);
  };
  return {
    async listDomains(organizationId, page) {
      const query = cutPage(of(organizationId).selectAll(), page, sql.ref('created_at'), sql.ref('id'));
      const total = await countIf(page, of(organizationId));
      return toPage(await query.execute(), page, total, toDomain, (row) => ({ createdAt: row.created_at, id: row.id }));
    },
    findDomain: (organizationId, id) => find(organizationId, 'id', id),
    findDomainByName: (organizationId, domain) => find(organizationId, 'domain', domain),
    async isProvedElsewhere(organizationId, domain) {
      const row = await db
        .selectFrom('discovery_domains')
        .select('id')
        .where('domain', '=', domain)
        .where('status', '=', 'verified')
        .where('organization_id', '<>', organizationId)
        .executeTakeFirst();
      return row !== undefined;
    },
    async createDomain(domain) {
      await db
        .insertInto('discovery_domains')
        .values({
          ...(toColumns(DOMAIN_FIELDS, domain) as ColumnsOf<typeof DOMAIN_FIELDS>),
          organization_id: domain.organizationId,
          id: domain.id,
          domain: domain.domain,
          verification_txt: domain.verificationTxt,
          verified_at: orNull(domain.verifiedAt),
          created_at: domain.createdAt,
        })
        .execute();
    },
    async updateDomain(organizationId, id, changes) {
      const columns = toRow(changes);
      if (changes.status === 'pending') await renewEnablements(db, organizationId, id);
      if (Object.keys(columns).length > 0) {
        await db
          .updateTable('discovery_domains')
          .set(columns)
          .where('organization_id', '=', organizationId)
          .where('id', '=', id)
          .execute();
      }
      return find(organizationId, 'id', id);
    },
    async deleteDomain(organizationId, id) {
      await renewEnablements(db, organizationId, id);
      const result = await db
        .deleteFrom('discovery_domains')
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
