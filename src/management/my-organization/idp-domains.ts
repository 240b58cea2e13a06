/**
 * `/identity-providers/{idp_id}/domains` and `/domains/{domain_id}/identity-providers`: which domains lead to a connection
 * of the organization. Only a domain that the organization has verified does.
 */
import { parseDomain } from '../../domain/people/email.js';
import type { Directory } from '../../ports/directory.js';
import { badBody, conflict, noDomain } from '../api/errors.js';
import type { Invocation } from '../api/run-write.js';
import { toOptionsRevision } from '../connections/options-revision.js';
import { type OrganizationCall, type Run, write } from './call.js';
import { domainsOf, nameOf, titleOf } from './idp-shape.js';
import { getEditable, listOwn, type OwnConnection } from './own-connection.js';

/** Returns the domains as they are stored. Throws 400 for a text that is none. */
export function toDomainNames(given: readonly string[]): readonly string[] {
  const domains = given.map((text) => {
    const domain = parseDomain(text);
    if (domain === undefined) throw badBody('domains: a domain such as acme.com is needed.');
    return domain;
  });
  return [...new Set(domains)];
}

/** Throws 400 unless the organization has proved all of the domains by DNS, and the proofs have not expired. */
export async function checkDomains(
  { organizationId, deps }: OrganizationCall,
  directory: Directory,
  domains: readonly string[],
): Promise<void> {
  if (domains.length === 0) return;
  const proved = await directory.organizations.listProvedByDns(organizationId, deps.clock.now());
  // Attack: a domain of somebody else, or a claim alone, leads its people to this provider.
  const other = domains.find((domain) => !proved.includes(domain));
  if (other !== undefined)
    throw badBody(`${other}: your organization has not verified this domain by DNS. Claim and verify it first.`);
}

/** Returns the write that sets the domains of a connection. Its other options stay, so its provider is not asked. */
export function toDomainChange({ connection }: OwnConnection, domains: readonly string[]): Invocation {
  return {
    key: 'patch /connections/{id}',
    params: { id: connection.id },
    query: { options_revision: toOptionsRevision(connection), check_discovery: false },
    body: { options: { ...connection.options, domain_aliases: domains } },
  };
}

const getOwn = (call: OrganizationCall) => getEditable(call, call.deps.directory, call.params.idp_id ?? '');

export const addIdpDomain: Run = async (call) => {
  const own = await getOwn(call);
  const [domain = ''] = toDomainNames([(call.body as { readonly domain: string }).domain]);
  const { domainAliases } = own.connection;
  if (domainAliases.includes(domain))
    throw conflict('Domain is already associated with this identity provider', 'duplicate');
  await write(call, [toDomainChange(own, [...domainAliases, domain])], {
    before: (directory) => checkDomains(call, directory, [domain]),
  });
  return { domain };
};

export const removeIdpDomain: Run = async (call) => {
  const own = await getOwn(call);
  const domain = parseDomain(call.params.domain ?? '');
  const { domainAliases } = own.connection;
  if (domain === undefined || !domainAliases.includes(domain)) throw noDomain();
  await write(call, [
    toDomainChange(
      own,
      domainAliases.filter((one) => one !== domain),
    ),
  ]);
};

/** Lists the identity providers of the organization to which a domain leads. */
export const listDomainIdps: Run = async (call) => {
  const { directory } = call.deps;
  const claim = await directory.organizations.findDomain(call.organizationId, call.params.domain_id ?? '');
  if (claim === undefined) throw noDomain();
  const found: OwnConnection[] = [];
  for (const own of await listOwn(call, directory))
    if ((await domainsOf(directory, own)).includes(claim.domain)) found.push(own);
  return {
    identity_providers: found.map((own) => ({
      id: own.connection.id,
      name: nameOf(own) ?? titleOf(own),
      display_name: titleOf(own),
    })),
  };
};
