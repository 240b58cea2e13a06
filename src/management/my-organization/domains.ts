/**
 * `/domains`: the domains that the organization claims, proved by DNS alone (ADR 0051). No request states that a domain is
 * verified, and a pending claim is in nobody's way.
 */
import { isFresh } from '../../domain/companies/domain-proof.js';
import { sayPublicUse } from '../../domain/companies/public-mail.js';
import { parseDomain } from '../../domain/people/email.js';
import type { DomainRecord } from '../../ports/directory/organizations.js';
import type { Directory } from '../../ports/directory.js';
import { badBody, conflict, noDomain } from '../api/errors.js';
import type { Wire } from '../api/operation.js';
import { present } from '../api/wire.js';
import { toDomainWire } from '../discovery-domains/domain.js';
import { forbidden, type OrganizationCall, type Run, write } from './call.js';
import { toDomainChange } from './idp-domains.js';
import { toList } from './members.js';
import { listOwn } from './own-connection.js';

const PATH = '/organizations/{id}/discovery-domains';
/** Maximum number of domains of an organization that claims another one: pending ones, and all. */
const MOST_PENDING = 20;
const MOST_DOMAINS = 100;

/** Shows a domain as Auth0 does. `check` is ours: what the last look at the record found instead of it, and what to do. */
function toOwn({ organizationId }: OrganizationCall, wire: Wire): Wire {
  const { id, domain, status, verification_txt, verification_host, check } = wire;
  return present({ id, org_id: organizationId, domain, status, verification_txt, verification_host, check });
}

export const listDomains: Run = async (call) => {
  const at = call.deps.clock.now();
  const page = await call.deps.directory.organizations.listDomains(call.organizationId, call.page);
  return toList('organization_domains', page, (record) => toOwn(call, toDomainWire(record, at)));
};

async function getDomain(call: OrganizationCall, directory: Directory = call.deps.directory): Promise<DomainRecord> {
  const domain = await directory.organizations.findDomain(call.organizationId, call.params.domain_id ?? '');
  if (domain === undefined) throw noDomain();
  return domain;
}

export const showDomain: Run = async (call) => toOwn(call, toDomainWire(await getDomain(call), call.deps.clock.now()));

/**
 * Throws 409 when the organization has as many domains as members may claim. Writes of one organization run one after the
 * other, so two claims at once do not pass it together.
 */
async function checkCount({ organizationId }: OrganizationCall, { organizations }: Directory): Promise<void> {
  // Attack: one customer fills the table, or has the server look for a thousand records of a zone of theirs every day.
  const { pending, all } = await organizations.countDomains(organizationId);
  if (pending >= MOST_PENDING)
    throw conflict(`${MOST_PENDING} domains of the organization wait for their record. Verify or delete one first.`);
  if (all >= MOST_DOMAINS)
    throw conflict(`The organization has ${MOST_DOMAINS} domains. Delete one, or ask the operator to add more.`);
}

export const addDomain: Run = async (call) => {
  const domain = parseDomain((call.body as { readonly domain: string }).domain);
  if (domain === undefined) throw badBody('A domain such as acme.com is needed.');
  const publicUse = sayPublicUse(domain);
  if (publicUse !== undefined) throw badBody(`${publicUse}: no organization can verify it.`);
  const { organizations } = call.deps.directory;
  if ((await organizations.findDomainByName(call.organizationId, domain)) !== undefined)
    throw conflict('Domain name must be unique', 'duplicate');
  const [made] = await write(call, [{ key: `post ${PATH}`, body: { domain, status: 'pending' } }], {
    before: (directory) => checkCount(call, directory),
  });
  return toOwn(call, made as Wire);
};

const paramsOf = ({ params }: OrganizationCall) => ({ discovery_domain_id: params.domain_id ?? '' });

/** Looks the record up now. While it is missing, the answer says `pending`. */
export const verifyDomain: Run = async (call) => {
  const key = `post ${PATH}/{discovery_domain_id}/verify`;
  const [after] = await write(call, [{ key, params: paramsOf(call) }]);
  return toOwn(call, after as Wire);
};

/** Removes a domain. It leads to none of the organization's own connections any more, in the same transaction. */
export const removeDomain: Run = async (call) => {
  const { domain } = await getDomain(call);
  const leading = (await listOwn(call, call.deps.directory)).filter(
    ({ level, connection }) => level === 'full' && connection.domainAliases.includes(domain),
  );
  const freed = leading.map((own) =>
    toDomainChange(
      own,
      own.connection.domainAliases.filter((one) => one !== domain),
    ),
  );
  const key = `delete ${PATH}/{discovery_domain_id}`;
  await write(call, [...freed, { key, params: paramsOf(call) }], {
    async before(directory) {
      const { status, proof } = await getDomain(call, directory);
      // An operator's word is not the customer's own, so it is the operator who takes it back.
      const isFromOperator = status === 'verified' && proof.kind === 'operator';
      if (isFromOperator && isFresh(proof.expiresAt, call.deps.clock.now()))
        throw forbidden('This domain was confirmed by an operator, who alone removes it.');
    },
  });
};
