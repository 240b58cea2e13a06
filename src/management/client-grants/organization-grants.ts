/**
 * The client grants of one organization, and the organizations of one grant. With such a grant, a machine client gets
 * tokens for the organization, even if the grant does not allow all organizations. The scopes are those of the grant.
 */
import type { ClientGrantRecord } from '../../ports/directory/access.js';
import { MissingReference } from '../../ports/directory.js';
import { badBody, noGrant } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { checkTenantWide } from '../api/stronger-clients.js';
import { listOf, orConflict, viewOf, wordOf } from '../api/wire.js';
import { getOrganization } from '../organizations/organization-of-path.js';
import { ORGANIZATION } from '../organizations/organizations.js';

/** A grant in the lists of an organization, as Auth0 shows it: with fewer properties. */
const GRANT = viewOf<ClientGrantRecord>({
  id: ['string', ({ id }) => id],
  client_id: ['string', ({ clientId }) => clientId],
  audience: ['string', ({ audience }) => audience],
  scope: [listOf('string'), ({ scopes }) => scopes],
  allow_any_organization: ['boolean', ({ allowAnyOrganization }) => allowAnyOrganization],
  'organization_usage?': [wordOf('deny', 'allow', 'require'), ({ organizationUsage }) => organizationUsage],
});

async function list(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const { audience, client_id: clientId, grant_ids: ids } = call.query;
  const filter = {
    ...(typeof clientId === 'string' && { clientId }),
    ...(typeof audience === 'string' && { audience }),
    ...(ids !== undefined && { ids: ids as readonly string[] }),
  };
  const page = await call.directory.access.listGrantsOfOrganization(organization.id, filter, call.paging.request);
  return { page: { ...page, items: page.items.map(GRANT.show) } };
}

async function give(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const { grant_id: grantId } = call.body as { readonly grant_id: string };
  const grant = await call.directory.access.findGrant(grantId);
  if (grant === undefined) throw noGrant();
  if (grant.subjectType !== 'client')
    throw badBody(
      'grant_id names a grant for people (subject_type user). Machines of an organization need one for clients.',
    );
  const api = await call.directory.access.findResourceServer(grant.audience);
  if (api !== undefined) checkTenantWide(api, { organizationUsage: 'allow' });
  try {
    await orConflict(
      'The client grant has already been added to this organization.',
      call.directory.access.giveGrant(organization.id, grant.id, call.now),
    );
  } catch (error) {
    // The grant or the organization was deleted after it was read.
    throw error instanceof MissingReference ? noGrant() : error;
  }
  return { body: GRANT.show(grant) };
}

async function take(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  await call.directory.access.takeGrant(organization.id, call.params.grant_id ?? '');
  return {};
}

async function listOrganizations(call: Call): Promise<Reply> {
  const grant = await call.directory.access.findGrant(call.params.id ?? '');
  if (grant === undefined) throw noGrant();
  const page = await call.directory.access.listOrganizationsOfGrant(grant.id, call.paging.request);
  return { page: { ...page, items: page.items.map(ORGANIZATION.show) } };
}

/** Returns the operations on `/organizations/{id}/client-grants` and `/client-grants/{id}/organizations`. */
export function organizationGrantOperations(): Operation[] {
  const path = '/organizations/{id}/client-grants';
  return [
    {
      method: 'get',
      path,
      summary: 'List the client grants of an organization',
      reply: GRANT.schema,
      list: { key: 'client_grants', checkpoint: false },
      refusals: [404],
      run: list,
    },
    {
      method: 'post',
      path,
      summary: 'Give an organization a client grant',
      status: 201,
      reply: GRANT.schema,
      refusals: [404, 409],
      run: give,
    },
    {
      method: 'delete',
      path: `${path}/{grant_id}`,
      summary: 'Take a client grant from an organization',
      refusals: [404],
      run: take,
    },
    {
      method: 'get',
      path: '/client-grants/{id}/organizations',
      summary: 'List the organizations of a client grant',
      reply: ORGANIZATION.schema,
      list: { key: 'organizations', checkpoint: true },
      refusals: [404],
      run: listOrganizations,
    },
  ];
}
