/**
 * `/organizations/{id}/discovery-domains`: domains that lead to an organization, and, once verified, speak for its people. No organization
 * can have a domain of a public mail provider: it would be handed everybody's accounts there.
 */
import { parseDomain } from '../../domain/email.js';
import { isPublicMailDomain } from '../../domain/public-mail.js';
import { newId } from '../../kernel/ids.js';
import type { DomainRecord } from '../../ports/directory/organizations.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, noDomain } from '../api/errors.js';
import { toChanges, toDefaults, toJson } from '../api/fields.js';
import type { Call, Operation, Reply, Wire } from '../api/operation.js';
import { orConflict, replyOf } from '../api/wire.js';
import { getOrganization } from '../organizations/organization-of-path.js';
import { DOMAIN_FIELDS, type DomainSettingsBody } from './fields.js';

interface DomainBody extends DomainSettingsBody {
  readonly domain: string;
}

const ELSEWHERE = 'The domain has been verified by another organization.';
const TAKEN = 'The organization has this domain already.';
const REPLY = replyOf({
  id: 'string',
  domain: 'string',
  status: 'string',
  verification_txt: 'string',
  verification_host: 'string',
  use_for_organization_discovery: 'boolean',
});

function toWire(domain: DomainRecord): Wire {
  return {
    id: domain.id,
    domain: domain.domain,
    ...toJson(DOMAIN_FIELDS, domain),
    verification_txt: domain.verificationTxt,
    verification_host: `_ss-verification.${domain.organizationId}.${domain.domain}`,
  };
}

/** The checks before a domain becomes verified. When two requests verify one at once, the unique index decides. */
async function checkMayVerify(call: Call, organizationId: string, domain: string): Promise<void> {
  if (isPublicMailDomain(domain)) {
    throw badBody(`${domain} gives mailboxes to the public: no organization can verify it.`);
  }
  if (await call.directory.organizations.isProvedElsewhere(organizationId, domain)) throw conflict(ELSEWHERE);
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const body = call.body as DomainBody;
  const name = parseDomain(body.domain);
  if (name === undefined)
    throw badBody(
      `Payload validation error: 'Object didn't pass validation for format domain: ${body.domain.slice(0, 100)}' on property domain.`,
    );
  const { organizations } = call.directory;
  if ((await organizations.findDomainByName(organization.id, name)) !== undefined) throw conflict(TAKEN);
  const settings = { ...toDefaults(DOMAIN_FIELDS), ...toChanges(DOMAIN_FIELDS, body) };
  const isVerified = settings.status === 'verified';
  if (isVerified) await checkMayVerify(call, organization.id, name);
  const domain: DomainRecord = {
    ...settings,
    id: newId(deps.entropy, 'ord'),
    organizationId: organization.id,
    domain: name,
    verificationTxt: deps.entropy.bytes(16).toString('hex'),
    verifiedAt: isVerified ? call.now : undefined,
    createdAt: call.now,
  };
  await orConflict(isVerified ? ELSEWHERE : TAKEN, organizations.createDomain(domain));
  return { body: toWire(domain) };
}

async function getDomain(call: Call): Promise<DomainRecord> {
  const organization = await getOrganization(call);
  const { organizations } = call.directory;
  const name = call.params.discovery_domain;
  const domain =
    name === undefined
      ? await organizations.findDomain(organization.id, call.params.discovery_domain_id ?? '')
      : await organizations.findDomainByName(organization.id, parseDomain(name) ?? '');
  if (domain === undefined) throw noDomain();
  return domain;
}

async function update(call: Call): Promise<Reply> {
  const before = await getDomain(call);
  const body = call.body as Partial<DomainBody>;
  if (body.status === 'verified') await checkMayVerify(call, before.organizationId, before.domain);
  const verifiedAt = body.status === 'verified' ? (before.verifiedAt ?? call.now) : undefined;
  const after = await orConflict(
    ELSEWHERE,
    call.directory.organizations.updateDomain(before.organizationId, before.id, {
      ...toChanges(DOMAIN_FIELDS, body),
      ...(body.status === undefined ? {} : { verifiedAt }),
    }),
  );
  if (after === undefined) throw noDomain();
  return { body: toWire(after) };
}

/** The operations on `/organizations/{id}/discovery-domains`: domains that an organization proves and is found by. */
export function discoveryDomainOperations(deps: ManagementDeps): Operation[] {
  const path = '/organizations/{id}/discovery-domains';
  const one = `${path}/{discovery_domain_id}`;
  const get = async (call: Call): Promise<Reply> => ({ body: toWire(await getDomain(call)) });
  return [
    {
      method: 'get',
      path,
      summary: 'List the discovery domains of an organization',
      status: 200,
      reply: REPLY,
      list: { key: 'domains', checkpoint: true, form: 'object' },
      refusals: [404],
      async run(call) {
        const organization = await getOrganization(call);
        const page = await call.directory.organizations.listDomains(organization.id, call.paging.request);
        return { page: { ...page, items: page.items.map(toWire) } };
      },
    },
    {
      method: 'post',
      path,
      summary: 'Add a discovery domain',
      status: 201,
      reply: REPLY,
      refusals: [404, 409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: `${path}/name/{discovery_domain}`,
      summary: 'Get a discovery domain by its name',
      status: 200,
      reply: REPLY,
      refusals: [404],
      run: get,
    },
    {
      method: 'get',
      path: one,
      summary: 'Get a discovery domain',
      status: 200,
      reply: REPLY,
      refusals: [404],
      run: get,
    },
    {
      method: 'patch',
      path: one,
      summary: 'Update a discovery domain',
      status: 200,
      reply: REPLY,
      refusals: [404, 409],
      run: update,
    },
    {
      method: 'delete',
      path: one,
      summary: 'Remove a discovery domain',
      status: 204,
      refusals: [404],
      async run(call) {
        const domain = await getDomain(call);
        await call.directory.organizations.deleteDomain(domain.organizationId, domain.id);
        return {};
      },
    },
  ];
}
