/**
 * `/organizations/{id}/discovery-domains`: domains of an organization. A person who types an address of such a domain
 * is sent to the organization; a verified domain also vouches for the addresses of its people. No organization can have
 * a domain of a public mail provider. Attack: it would control everybody's accounts there.
 */
import { isFresh } from '../../domain/companies/domain-proof.js';
import { parseDomain } from '../../domain/people/email.js';
import { newId } from '../../kernel/ids.js';
import type { DomainRecord, DomainState } from '../../ports/directory/organizations.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, noDomain } from '../api/errors.js';
import { toChanges, toDefaults } from '../api/fields.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { orConflict } from '../api/wire.js';
import { getOrganization } from '../organizations/organization-of-path.js';
import { DOMAIN_REPLY, ELSEWHERE, getDomain, makeWay, toDomainWire } from './domain.js';
import { DOMAIN_FIELDS, type DomainSettingsBody } from './fields.js';
import { verifyOperation } from './verify.js';

interface DomainBody extends DomainSettingsBody {
  readonly domain: string;
}

const TAKEN = 'The organization has this domain already.';

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
  const details = isVerified ? await makeWay(call, organization.id, name) : {};
  const domain: DomainRecord = {
    ...settings,
    id: newId(deps.entropy, 'ord'),
    organizationId: organization.id,
    domain: name,
    verificationTxt: deps.entropy.bytes(16).toString('hex'),
    proof: {
      kind: 'operator',
      verifiedAt: isVerified ? call.now : undefined,
      checkedAt: undefined,
      expiresAt: undefined,
    },
    problem: undefined,
    createdAt: call.now,
  };
  await orConflict(isVerified ? ELSEWHERE : TAKEN, organizations.createDomain(domain));
  return { body: toDomainWire(domain, call.now), log: { details } };
}

/**
 * Returns the state that the operator asks for; undefined for no change. Tools send all settings, so `verified` for a
 * domain that is verified already changes nothing: a proof by DNS stays one, with its expiry.
 */
function toState(status: DomainSettingsBody['status'], before: DomainRecord, now: Date): DomainState | undefined {
  if (status === 'pending') return { status };
  if (status !== 'verified') return undefined;
  const counts = before.status === 'verified' && isFresh(before.proof.expiresAt, now);
  return counts ? undefined : { status, by: 'operator', at: now };
}

async function update(call: Call): Promise<Reply> {
  const before = await getDomain(call);
  const body = call.body as Partial<DomainBody>;
  const state = toState(body.status, before, call.now);
  const details = state?.status === 'verified' ? await makeWay(call, before.organizationId, before.domain) : {};
  const { useForDiscovery } = toChanges(DOMAIN_FIELDS, body);
  const after = await orConflict(
    ELSEWHERE,
    call.directory.organizations.updateDomain(before.organizationId, before.id, {
      ...(useForDiscovery !== undefined && { useForDiscovery }),
      ...(state && { state }),
    }),
  );
  if (after === undefined) throw noDomain();
  return { body: toDomainWire(after, call.now), log: { details } };
}

/** Returns the operations on `/organizations/{id}/discovery-domains`. */
export function discoveryDomainOperations(deps: ManagementDeps): Operation[] {
  const path = '/organizations/{id}/discovery-domains';
  const one = `${path}/{discovery_domain_id}`;
  const get = async (call: Call): Promise<Reply> => ({
    body: toDomainWire(await getDomain(call), call.now),
  });
  return [
    {
      method: 'get',
      path,
      summary: 'List the discovery domains of an organization',
      reply: DOMAIN_REPLY,
      list: { key: 'domains', checkpoint: true, form: 'object' },
      refusals: [404],
      async run(call) {
        const organization = await getOrganization(call);
        const page = await call.directory.organizations.listDomains(organization.id, call.paging.request);
        return { page: { ...page, items: page.items.map((item) => toDomainWire(item, call.now)) } };
      },
    },
    {
      method: 'post',
      path,
      summary: 'Add a discovery domain',
      status: 201,
      reply: DOMAIN_REPLY,
      refusals: [404, 409],
      run: (call) => create(deps, call),
    },
    {
      method: 'get',
      path: `${path}/name/{discovery_domain}`,
      summary: 'Get a discovery domain by its name',
      reply: DOMAIN_REPLY,
      refusals: [404],
      run: get,
    },
    {
      method: 'get',
      path: one,
      summary: 'Get a discovery domain',
      reply: DOMAIN_REPLY,
      refusals: [404],
      run: get,
    },
    {
      method: 'patch',
      path: one,
      summary: 'Update a discovery domain',
      reply: DOMAIN_REPLY,
      refusals: [404, 409],
      run: update,
    },
    verifyOperation(deps),
    {
      method: 'delete',
      path: one,
      summary: 'Remove a discovery domain',
      refusals: [404],
      async run(call) {
        const domain = await getDomain(call);
        await call.directory.organizations.deleteDomain(domain.organizationId, domain.id);
        return {};
      },
    },
  ];
}
