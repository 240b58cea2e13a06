/**
 * Discovery domains. The database's unique index, not this file, ensures that at most one organization has proved a
 * domain.
 */
import { type ExpressionBuilder, type Kysely, type Selectable, sql, type UpdateObject } from 'kysely';
import type { ProofVerdict } from '../../../domain/companies/domain-proof.js';
import { type ColumnsOf, toColumns, toSettings } from '../../../management/api/fields.js';
import { DOMAIN_FIELDS } from '../../../management/discovery-domains/fields.js';
import type { DomainRecord, DomainState, OrganizationDirectory } from '../../../ports/directory/organizations.js';
import type { Database, DiscoveryDomainsTable } from '../../schema/schema.js';
import { countIf, cutPage, orNull, orUndefined, toPage } from '../rows.js';

function toDomain(row: Selectable<DiscoveryDomainsTable>): DomainRecord {
  return {
    ...toSettings(DOMAIN_FIELDS, row),
    id: row.id,
    organizationId: row.organization_id,
    domain: row.domain,
    verificationTxt: row.verification_txt,
    proof: {
      kind: row.proof,
      verifiedAt: orUndefined(row.verified_at),
      checkedAt: orUndefined(row.checked_at),
      expiresAt: orUndefined(row.expires_at),
    },
    problem: orUndefined(row.check_problem),
    createdAt: row.created_at,
  };
}

type DomainUpdate = UpdateObject<Database, 'discovery_domains'>;

/** Clears every column of the earlier state. Counting up `attempts` invalidates the leases of running DNS checks. */
const BLANK = {
  verified_at: null,
  proof: 'operator',
  checked_at: null,
  expires_at: null,
  check_problem: null,
  told_at: null,
  next_attempt_at: 'infinity',
  last_error: null,
  attempts: sql<number>`attempts + 1`,
} as const;

/** `verified_at` does not change while the domain remains verified. */
const SINCE = (at: Date) =>
  sql<Date>`case when status = 'verified' and (expires_at is null or expires_at > ${at}) then coalesce(verified_at, ${at}) else ${at} end`;

function toStateRow(state: DomainState): DomainUpdate {
  if (state.status === 'pending') return { ...BLANK, status: 'pending' };
  const verified = { ...BLANK, status: 'verified', verified_at: SINCE(state.at) } as const;
  if (state.by === 'operator') return verified;
  const { at, expiresAt, nextLookAt } = state;
  return { ...verified, proof: 'dns', checked_at: at, expires_at: expiresAt, next_attempt_at: nextLookAt };
}

/** Returns the columns that the result of a DNS check sets. */
function toLookRow(verdict: ProofVerdict, at: Date): DomainUpdate {
  if (verdict.kind === 'ended') return { ...BLANK, status: 'pending', check_problem: verdict.problem };
  const next_attempt_at = verdict.nextLookAt;
  if (verdict.kind === 'holds')
    return { checked_at: at, expires_at: verdict.expiresAt, check_problem: null, told_at: null, next_attempt_at };
  return { check_problem: verdict.problem, next_attempt_at, ...(verdict.tell && { told_at: at }) };
}

interface DomainKey {
  readonly organizationId: string;
  readonly id: string;
}

/**
 * Gives a new revision to the enablements that rely on a domain whose proof is lost. Logins in progress that rely on
 * the domain are then refused (linking rule, part 2). Runs before the domain's row is written, because a login locks in
 * this order.
 */
async function renewEnablements(db: Kysely<Database>, { organizationId, id }: DomainKey): Promise<void> {
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
  | 'countDomains'
  | 'listProvedByDns'
  | 'findDomain'
  | 'findDomainByName'
  | 'isProvedElsewhere'
  | 'endStaleProofs'
  | 'createDomain'
  | 'updateDomain'
  | 'deleteDomain'
  | 'noteProblem'
  | 'settleLook'
>;

type Proofs = Pick<OrganizationDirectory, 'isProvedElsewhere' | 'endStaleProofs' | 'noteProblem' | 'settleLook'>;

/**
 * Creates the methods for proofs of domains: they find the organization that has proved one, and store the results of
 * DNS checks.
 */
function createProofs(db: Kysely<Database>): Proofs {
  const elsewhere = (organizationId: string, domain: string) =>
    db
      .selectFrom('discovery_domains')
      .select(['organization_id', 'id'])
      .where('domain', '=', domain)
      .where('status', '=', 'verified')
      .where('organization_id', '<>', organizationId);
  return {
    async isProvedElsewhere(organizationId, domain, at) {
      const row = await elsewhere(organizationId, domain)
        .where(({ or, eb }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]))
        .executeTakeFirst();
      return row !== undefined;
    },
    async endStaleProofs(organizationId, domain, at) {
      const stale = await elsewhere(organizationId, domain).where('expires_at', '<=', at).execute();
      for (const { organization_id, id } of stale) {
        await renewEnablements(db, { organizationId: organization_id, id });
        await db
          .updateTable('discovery_domains')
          .set(toStateRow({ status: 'pending' }))
          .where('id', '=', id)
          .where('expires_at', '<=', at)
          .execute();
      }
      return stale.map((row) => row.organization_id);
    },
    async noteProblem(organizationId, id, problem) {
      await db
        .updateTable('discovery_domains')
        .set({ check_problem: problem })
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .execute();
    },
    async settleLook(lease, verdict, at) {
      const leased = (eb: ExpressionBuilder<Database, 'discovery_domains'>) =>
        eb.and({
          organization_id: lease.organizationId,
          id: lease.id,
          attempts: lease.attempts,
          status: 'verified',
          proof: 'dns',
        });
      const held = await db.selectFrom('discovery_domains').select('id').where(leased).executeTakeFirst();
      if (held === undefined) return false;
      if (verdict.kind === 'ended') await renewEnablements(db, lease);
      const result = await db
        .updateTable('discovery_domains')
        .set(toLookRow(verdict, at))
        .where(leased)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

/** Returns the methods for discovery domains of organizations. */
export function createDomains(db: Kysely<Database>): Domains {
  const of = (organizationId: string) =>
    db.selectFrom('discovery_domains').where('organization_id', '=', organizationId);
  const find = async (organizationId: string, column: 'id' | 'domain', value: string) => {
    const row = await of(organizationId).selectAll().where(column, '=', value).executeTakeFirst();
    return row && toDomain(row);
  };
  return {
    ...createProofs(db),
    async listDomains(organizationId, page) {
      const query = cutPage(of(organizationId).selectAll(), page, sql.ref('created_at'), sql.ref('id'));
      const total = await countIf(page, of(organizationId));
      return toPage(await query.execute(), page, total, toDomain, (row) => ({ createdAt: row.page_time, id: row.id }));
    },
    async countDomains(organizationId) {
      const pending = sql<number>`(count(*) filter (where status <> 'verified'))::int`.as('pending');
      return of(organizationId)
        .select([pending, sql<number>`count(*)::int`.as('all')])
        .executeTakeFirstOrThrow();
    },
    async listProvedByDns(organizationId, at) {
      const rows = await of(organizationId)
        .select('domain')
        .where('proof', '=', 'dns')
        .where('status', '=', 'verified')
        .where('expires_at', '>', at)
        .execute();
      return rows.map(({ domain }) => domain);
    },
    findDomain: (organizationId, id) => find(organizationId, 'id', id),
    findDomainByName: (organizationId, domain) => find(organizationId, 'domain', domain),
    async createDomain(domain) {
      await db
        .insertInto('discovery_domains')
        .values({
          ...(toColumns(DOMAIN_FIELDS, domain) as ColumnsOf<typeof DOMAIN_FIELDS>),
          organization_id: domain.organizationId,
          id: domain.id,
          domain: domain.domain,
          verification_txt: domain.verificationTxt,
          verified_at: orNull(domain.proof.verifiedAt),
          created_at: domain.createdAt,
        })
        .execute();
    },
    async updateDomain(organizationId, id, changes) {
      const { state, ...settings } = changes;
      const columns = { ...toColumns(DOMAIN_FIELDS, settings), ...(state && toStateRow(state)) };
      if (state?.status === 'pending') await renewEnablements(db, { organizationId, id });
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
      await renewEnablements(db, { organizationId, id });
      const result = await db
        .deleteFrom('discovery_domains')
        .where('organization_id', '=', organizationId)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
