/**
 * Client grants of single organizations: machines with such a grant may request tokens of the organization. Part of
 * access.ts.
 */
import { type Kysely, sql } from 'kysely';
import type { AccessDirectory } from '../../../ports/directory/access.js';
import type { Database } from '../../schema/schema.js';
import { toGrant } from '../clients/client-grants.js';
import { countIf, cutPage, toPage } from '../rows.js';
import { toOrganization } from './organizations.js';

type OrganizationGrantMethods = Pick<
  AccessDirectory,
  'listGrantsOfOrganization' | 'listOrganizationsOfGrant' | 'giveGrant' | 'takeGrant'
>;

/** Creates the methods for client grants of organizations. */
export function createOrganizationGrants(db: Kysely<Database>): OrganizationGrantMethods {
  const grantsOf = (
    organizationId: string,
    { clientId, audience, ids }: Parameters<OrganizationGrantMethods['listGrantsOfOrganization']>[1],
  ) => {
    let query = db
      .selectFrom('organization_client_grants')
      .innerJoin('client_grants', 'client_grants.id', 'organization_client_grants.grant_id')
      .where('organization_client_grants.organization_id', '=', organizationId);
    if (clientId !== undefined) query = query.where('client_grants.client_id', '=', clientId);
    if (audience !== undefined) query = query.where('client_grants.audience', '=', audience);
    return ids === undefined
      ? query
      : query.where('organization_client_grants.grant_id', 'in', ids.length === 0 ? [''] : [...ids]);
  };
  const organizationsOf = (grantId: string) =>
    db
      .selectFrom('organization_client_grants')
      .innerJoin('organizations', 'organizations.id', 'organization_client_grants.organization_id')
      .where('organization_client_grants.grant_id', '=', grantId);
  return {
    async listGrantsOfOrganization(organizationId, filter, page) {
      const query = cutPage(
        grantsOf(organizationId, filter).selectAll('client_grants'),
        page,
        sql.ref('organization_client_grants.created_at'),
        sql.ref('organization_client_grants.grant_id'),
      );
      const total = await countIf(page, grantsOf(organizationId, filter));
      return toPage(await query.execute(), page, total, toGrant, (row) => ({ createdAt: row.page_time, id: row.id }));
    },
    async listOrganizationsOfGrant(grantId, page) {
      const query = cutPage(
        organizationsOf(grantId).selectAll('organizations'),
        page,
        sql.ref('organization_client_grants.created_at'),
        sql.ref('organization_client_grants.organization_id'),
      );
      const total = await countIf(page, organizationsOf(grantId));
      return toPage(await query.execute(), page, total, toOrganization, (row) => ({
        createdAt: row.page_time,
        id: row.id,
      }));
    },
    async giveGrant(organizationId, grantId, at) {
      await db
        .insertInto('organization_client_grants')
        .values({ organization_id: organizationId, grant_id: grantId, created_at: at })
        .execute();
    },
    async takeGrant(organizationId, grantId) {
      await db
        .deleteFrom('organization_client_grants')
        .where('organization_id', '=', organizationId)
        .where('grant_id', '=', grantId)
        .execute();
    },
  };
}
