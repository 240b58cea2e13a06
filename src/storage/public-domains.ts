/**
 * Finds public domains (such as those of mailbox providers, where anybody can get an address) that organizations have
 * proved or connections use, for `vestibule doctor`. They were accepted before the list of public domains had them, and
 * still count. Reads only.
 */
import type pg from 'pg';
import { findPublicUse } from '../domain/companies/public-mail.js';
import type { OwnedDomain } from '../ports/examiner.js';
import { queryRows } from './database/pool.js';

const READ_DOMAINS = `
select d.domain, 'organization' as kind, o.name from discovery_domains d join organizations o on o.id = d.organization_id
  where d.status = 'verified'
union all
select alias, 'connection', c.name from connections c cross join unnest(c.domain_aliases) alias
order by 1, 2, 3`;

interface Row {
  readonly domain: string;
  readonly kind: OwnedDomain['by']['kind'];
  readonly name: string;
}

/** Lists every {@link OwnedDomain} at which anybody can get an address or a name. */
export async function listPublicDomains(pool: pg.Pool): Promise<readonly OwnedDomain[]> {
  const rows = await queryRows<Row>(pool, READ_DOMAINS, []);
  return rows
    .filter(({ domain }) => findPublicUse(domain) !== undefined)
    .map(({ domain, kind, name }) => ({ domain, by: { kind, name } }));
}
