/**
 * The step for the company's domains: they are added, proved by a TXT record, and removed. Every write is an operation
 * of the Management API. A domain leads people to the connection only while it is proved.
 */
import type { FastifyReply } from 'fastify';
import { describeProblem, verificationHost } from '../../domain/companies/domain-proof.js';
import { sayPublicUse } from '../../domain/companies/public-mail.js';
import { parseDomain } from '../../domain/people/email.js';
import { ManagementError } from '../../management/api/errors.js';
import type { DomainRecord } from '../../ports/directory/organizations.js';
import type { SetupBody, SetupDomain } from '../pages/models.js';
import { isProvedNow } from './domains-of.js';
import { progressOf, type SetupProgress } from './progress.js';
import { putAliases } from './put-into-use.js';
import { countForTicket, type Visit } from './session.js';
import { show } from './show.js';

type Fields = Readonly<Record<string, string>>;

function toShown(domain: DomainRecord, now: Date): SetupDomain {
  const isProved = isProvedNow(domain, now);
  return {
    id: domain.id,
    domain: domain.domain,
    state: isProved ? (domain.proof.kind === 'dns' ? 'proved' : 'vouched') : 'waiting',
    host: verificationHost(domain.organizationId, domain.domain),
    text: domain.verificationTxt,
  };
}

/**
 * Returns the domains that are known besides the organization's own: those that the ticket names, those in the
 * connection's settings, and that of a Google Workspace, which is a part of its settings. They lead nobody anywhere
 * before they are proved.
 */
function suggestedDomains({ setup }: Visit, { connection }: SetupProgress): readonly string[] {
  const { tenant_domain: workspace } = setup.candidate?.options ?? connection?.options ?? {};
  const isWorkspace = connection?.strategy === 'google-apps' && typeof workspace === 'string';
  const given = [...setup.config.domains, ...(connection?.domainAliases ?? []), ...(isWorkspace ? [workspace] : [])];
  return given
    .map((name) => parseDomain(name))
    .filter((name) => name !== undefined)
    .filter((name) => sayPublicUse(name) === undefined);
}

function domainsBody(visit: Visit, progress: SetupProgress, typed = ''): SetupBody {
  const { deps, setup } = visit;
  const { domains } = progress;
  const now = deps.clock.now();
  const known = domains.map((domain) => toShown(domain, now));
  const suggested = suggestedDomains(visit, progress).find((name) => !domains.some(({ domain }) => domain === name));
  return {
    step: 'domains',
    domains: known,
    typed: typed === '' ? (suggested ?? '') : typed,
    needed: setup.config.domainVerification === 'required',
  };
}

/** Sends the page about domains (GET). */
export function showDomains(visit: Visit, progress: SetupProgress): FastifyReply {
  return show(visit, progress, domainsBody(visit, progress));
}

async function add({ deps, setup, actor }: Visit, typed: string): Promise<string> {
  const domain = parseDomain(typed.trim().replace(/^@/, ''));
  if (domain === undefined) throw new ManagementError(400, 'Type a domain, such as acme.com.');
  const publicUse = sayPublicUse(domain);
  if (publicUse !== undefined) throw new ManagementError(400, `${publicUse}: no company can prove it.`);
  await deps.invoke(actor, 'post /organizations/{id}/discovery-domains', {
    params: { id: setup.organizationId },
    body: { domain, status: 'pending', use_for_organization_discovery: setup.config.useForOrganizationDiscovery },
  });
  return `${domain} was added. Publish its record, then check it.`;
}

async function check(visit: Visit, id: string): Promise<string> {
  const { deps, setup, actor } = visit;
  await countForTicket(visit, 'domain');
  const params = { id: setup.organizationId, discovery_domain_id: id };
  await deps.invoke(actor, 'post /organizations/{id}/discovery-domains/{discovery_domain_id}/verify', { params });
  const after = await deps.directory.organizations.findDomain(setup.organizationId, id);
  if (after === undefined) throw new ManagementError(404, 'This domain is not in the list any more.');
  if (isProvedNow(after, deps.clock.now())) return `${after.domain} is verified.`;
  const host = verificationHost(setup.organizationId, after.domain);
  throw new ManagementError(400, after.problem ? describeProblem(after.problem, host) : 'The record is not there yet.');
}

async function remove({ deps, setup, actor }: Visit, id: string): Promise<string> {
  const before = await deps.directory.organizations.findDomain(setup.organizationId, id);
  if (before === undefined) throw new ManagementError(404, 'This domain is not in the list any more.');
  // The customer may not remove a domain that an operator confirmed, because that proof is not the customer's own.
  if (isProvedNow(before, deps.clock.now()) && before.proof.kind === 'operator')
    throw new ManagementError(
      409,
      `${before.domain} was confirmed for you. Ask the people who sent you the link to take it away.`,
    );
  const params = { id: setup.organizationId, discovery_domain_id: id };
  await deps.invoke(actor, 'delete /organizations/{id}/discovery-domains/{discovery_domain_id}', { params });
  return `${before.domain} was taken away.`;
}

function act(visit: Visit, { action = '', domain = '' }: Fields): Promise<string> {
  const [verb, id = ''] = action.split(':', 2);
  if (verb === 'check') return check(visit, id);
  if (verb === 'remove') return remove(visit, id);
  return add(visit, domain);
}

/** Handles the POST of the page about domains. */
export async function changeDomains(visit: Visit, before: SetupProgress, fields: Fields): Promise<FastifyReply> {
  try {
    const notice = await act(visit, fields);
    const progress = await progressOf(visit);
    await putAliases(visit, progress);
    return show(visit, progress, domainsBody(visit, progress), { notice });
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    const progress = await progressOf(visit);
    const field = fields.action === 'add' ? 'domain' : '';
    const errors = [{ field, message: error.message }];
    return show(visit, progress ?? before, domainsBody(visit, progress, fields.domain), { errors });
  }
}
