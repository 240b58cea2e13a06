/**
 * `/organizations/{id}/clients`: the applications of an organization (Auth0's per-application access). Once the
 * organization limits its applications (`is_app_entitlement_active`), its members sign in through those alone that are
 * listed with `use_for_member_access`. Says nothing about machines: their list is that of the client grants.
 *
 * A write that closes the organization to an application gives its connections a new revision. So a login that is in
 * progress decides again before it commits.
 */
import { newSecret } from '../../kernel/ids.js';
import type { ClientRecord } from '../../ports/directory/clients.js';
import type { OrganizationClientRecord, OrganizationRecord } from '../../ports/directory/organizations.js';
import { MissingReference } from '../../ports/directory.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, noClient, noOrganizationClient } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { listOf, orConflict, rowsOf, TEXT_OR_NULL, viewOf } from '../api/wire.js';
import { CLIENT_FIELDS } from '../clients/fields.js';
import { getOrganization } from './organization-of-path.js';

/** Most applications of one organization, as on Auth0. */
export const MOST_CLIENTS = 100;

const { appType, grantTypes, isFirstParty, organizationUsage } = CLIENT_FIELDS;
const CLIENT = viewOf<ClientRecord>({
  name: ['string', ({ name }) => name],
  ...rowsOf({ appType }),
  'logo_uri?': [TEXT_OR_NULL, ({ extra }) => extra.logo_uri],
  ...rowsOf({ isFirstParty, grantTypes, organizationUsage }),
});
const ASSOCIATION = viewOf<OrganizationClientRecord>({
  client_id: ['string', ({ client }) => client.clientId],
  use_for_member_access: ['boolean', ({ forMembers }) => forMembers],
  client: [CLIENT.schema, ({ client }) => CLIENT.show(client)],
});

interface Added {
  readonly clients: readonly { readonly client_id: string; readonly use_for_member_access: boolean }[];
}

async function getAssociation(call: Call, organization: OrganizationRecord): Promise<OrganizationClientRecord> {
  const found = await call.directory.organizations.findClient(organization.id, call.params.client_id ?? '');
  if (found === undefined) throw noOrganizationClient();
  return found;
}

async function list(call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const page = await call.directory.organizations.listClients(organization.id, call.paging.request);
  return { page: { ...page, items: page.items.map(ASSOCIATION.show) } };
}

async function add(call: Call): Promise<Reply> {
  const { clients, organizations } = call.directory;
  const organization = await getOrganization(call);
  const wanted = (call.body as Added).clients.map(({ client_id: clientId, use_for_member_access: forMembers }) => ({
    clientId,
    forMembers,
  }));
  const ids = [...new Set(wanted.map(({ clientId }) => clientId))];
  if ((await clients.findExisting(ids)).length < ids.length) throw noClient();
  const write = organizations.addClients(organization.id, wanted, MOST_CLIENTS, call.now);
  try {
    const isAdded = await orConflict('A client is already associated with this organization.', write);
    if (!isAdded) throw badBody(`An organization can be associated with at most ${MOST_CLIENTS} clients.`);
  } catch (error) {
    // The application or the organization was deleted after it was read.
    throw error instanceof MissingReference ? noClient() : error;
  }
  const added = await Promise.all(ids.map((id) => organizations.findClient(organization.id, id)));
  return { body: added.filter((one) => one !== undefined).map(ASSOCIATION.show) };
}

/** Attack: a login that began before the organization was closed to its application is committed afterwards. */
async function decideAgain(deps: ManagementDeps, call: Call, organization: OrganizationRecord): Promise<void> {
  if (!organization.limitsApplications) return;
  await call.directory.organizations.renewEnablements(organization.id, newSecret(deps.entropy));
}

async function remove(deps: ManagementDeps, call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const { clients } = call.body as { readonly clients: readonly string[] };
  await decideAgain(deps, call, organization);
  await call.directory.organizations.removeClients(organization.id, clients);
  return {};
}

async function update(deps: ManagementDeps, call: Call): Promise<Reply> {
  const organization = await getOrganization(call);
  const before = await getAssociation(call, organization);
  const { use_for_member_access: forMembers = before.forMembers } = call.body as {
    readonly use_for_member_access?: boolean;
  };
  if (before.forMembers && !forMembers) await decideAgain(deps, call, organization);
  await call.directory.organizations.updateClient(organization.id, before.client.clientId, forMembers);
  return { body: ASSOCIATION.show({ ...before, forMembers }) };
}

/** Returns the operations on `/organizations/{id}/clients`. */
export function organizationClientOperations(deps: ManagementDeps): Operation[] {
  const path = '/organizations/{id}/clients';
  return [
    {
      method: 'get',
      path,
      summary: 'List the applications of an organization',
      status: 200,
      reply: ASSOCIATION.schema,
      list: { key: 'clients', checkpoint: true, form: 'object' },
      refusals: [404],
      run: list,
    },
    {
      method: 'post',
      path,
      summary: 'Add applications to an organization',
      status: 201,
      reply: listOf(ASSOCIATION.schema),
      refusals: [404, 409],
      run: add,
    },
    {
      method: 'delete',
      path,
      summary: 'Remove applications from an organization',
      status: 204,
      refusals: [404],
      run: (call) => remove(deps, call),
    },
    {
      method: 'get',
      path: `${path}/{client_id}`,
      summary: 'Get an application of an organization',
      status: 200,
      reply: ASSOCIATION.schema,
      refusals: [404],
      run: async (call) => ({ body: ASSOCIATION.show(await getAssociation(call, await getOrganization(call))) }),
    },
    {
      method: 'patch',
      path: `${path}/{client_id}`,
      summary: 'Change whether members sign in through an application',
      status: 200,
      reply: ASSOCIATION.schema,
      refusals: [404],
      run: (call) => update(deps, call),
    },
  ];
}
