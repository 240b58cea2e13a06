/**
 * `/self-service-profiles/{id}/sso-ticket`: creates the link with which a customer's administrator sets up their own
 * sign-in. The ticket is a credential: its secret appears only in the answer that created it. It permits only the
 * set-up of one connection of one organization.
 */

import { sayPublicUse } from '../../domain/companies/public-mail.js';
import { parseDomain } from '../../domain/people/email.js';
import type { Setup, SetupConfig } from '../../domain/self-service.js';
import { addSeconds } from '../../kernel/clock.js';
import { hashSecret, newId, newSecret } from '../../kernel/ids.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { ManagementDeps } from '../api/deps.js';
import { badBody, conflict, insufficientScopes, noConnection, noOrganization, notFound } from '../api/errors.js';
import type { Call, Operation, Reply } from '../api/operation.js';
import { replyOf } from '../api/wire.js';
import { checkClientsExist } from '../connections/connection-clients.js';
import { noProfile } from './profiles.js';
import { checkAssignableRoles, type ProvisioningBody, toProvisioning } from './provisioning.js';

interface TicketBody {
  readonly connection_id?: string;
  readonly connection_config?: {
    readonly name: string;
    readonly display_name?: string;
    readonly options?: { readonly domain_aliases?: readonly string[] | null; readonly idpinitiated?: unknown } | null;
  };
  readonly enabled_clients?: readonly string[];
  readonly enabled_organizations?: readonly {
    readonly organization_id: string;
    readonly assign_membership_on_login?: boolean;
    readonly show_as_button?: boolean;
  }[];
  readonly ttl_sec?: number;
  readonly domain_aliases_config?: {
    readonly domain_verification: SetupConfig['domainVerification'];
    readonly pending_domains?: readonly string[];
  };
  readonly provisioning_config?: ProvisioningBody;
  readonly use_for_organization_discovery?: boolean;
  readonly enabled_features?: { readonly domain_verification?: boolean; readonly provisioning?: boolean };
}

/** Longest lifetime of a ticket in seconds, and also its default: five days, as on Auth0. */
const MAX_TTL_SECONDS = 432_000;
const MAX_DOMAINS = 50;

/** Path of the page to which a ticket's link leads, as on Auth0. */
export const SETUP_PATH = '/self-service/connections-flow';

function toDomains(body: TicketBody): readonly string[] {
  const given = [
    ...(body.connection_config?.options?.domain_aliases ?? []),
    ...(body.domain_aliases_config?.pending_domains ?? []),
  ];
  if (given.length > MAX_DOMAINS) throw badBody(`A ticket names at most ${MAX_DOMAINS} domains.`);
  const domains = given.map((text) => {
    const domain = parseDomain(text);
    if (domain === undefined) throw badBody(`${JSON.stringify(text).slice(0, 100)} is not a domain.`);
    const publicUse = sayPublicUse(domain);
    if (publicUse !== undefined) throw badBody(`${publicUse}: no company signs it in.`);
    return domain;
  });
  return [...new Set(domains)];
}

/**
 * Returns the one organization for which the ticket's holder may prove domains and map groups. Throws 400 for none or
 * several.
 */
function toOrganization({ enabled_organizations: given = [] }: TicketBody) {
  const [organization, another] = given;
  if (organization === undefined || another !== undefined)
    throw badBody(
      'enabled_organizations names exactly one organization on this server: the customer whose sign-in it is.',
    );
  return organization;
}

function toConfig(body: TicketBody, connection: ConnectionRecord | undefined): SetupConfig {
  const name = connection?.name ?? body.connection_config?.name;
  if (name === undefined)
    throw badBody('Give connection_config.name for a new connection, or connection_id for one that exists.');
  if (body.connection_config?.options?.idpinitiated)
    throw badBody('options.idpinitiated cannot be set by a ticket: switch it on with PATCH /connections/{id}.');
  const organization = toOrganization(body);
  const display = connection?.displayName ?? body.connection_config?.display_name;
  const isOff = body.enabled_features?.domain_verification === false;
  return {
    connectionName: name,
    isGiven: connection !== undefined,
    ...(display !== undefined && { displayName: display }),
    assignMembershipOnLogin: organization.assign_membership_on_login ?? false,
    showAsButton: organization.show_as_button ?? true,
    enabledClients: [...new Set(body.enabled_clients ?? [])],
    domains: toDomains(body),
    domainVerification: isOff ? 'none' : (body.domain_aliases_config?.domain_verification ?? 'optional'),
    useForOrganizationDiscovery: body.use_for_organization_discovery ?? true,
    provisioning: body.enabled_features?.provisioning === true || body.provisioning_config !== undefined,
    ...toProvisioning(body.provisioning_config),
  };
}

async function findConnection(call: Call, body: TicketBody): Promise<ConnectionRecord | undefined> {
  const { connections } = call.directory;
  if (body.connection_id !== undefined) {
    const found = await connections.find(body.connection_id);
    if (found === undefined) throw noConnection();
    if (found.strategy === 'auth0') throw badBody('A database connection has no identity provider to set up.');
    return found;
  }
  const name = body.connection_config?.name;
  if (name !== undefined && (await connections.findByName(name)) !== undefined)
    throw conflict('A connection with this name already exists.');
  return undefined;
}

/**
 * Throws 409 when another organization also uses the connection. Attack: one customer's administrator changes the
 * sign-in of another customer's people.
 */
async function checkIsTheirs(call: Call, connectionId: string, organizationId: string): Promise<void> {
  const others = await call.directory.organizations.listOrganizationsOf(connectionId);
  if (others.some((id) => id !== organizationId))
    throw conflict('Another organization uses this connection too: no customer may change it alone.');
}

async function create(deps: ManagementDeps, call: Call): Promise<Reply> {
  const body = call.body as TicketBody;
  const profile = await call.directory.selfService.findProfile(call.params.id ?? '');
  if (profile === undefined) throw noProfile();
  const connection = await findConnection(call, body);
  const config = toConfig(body, connection);
  // The link's holder could create SCIM tokens, so the caller must be allowed to create them.
  if (config.provisioning && !call.caller.scopes.has('create:scim_token'))
    throw insufficientScopes(['create:sso_access_tickets', 'create:scim_token']);
  const organizationId = toOrganization(body).organization_id;
  if ((await call.directory.organizations.find(organizationId)) === undefined) throw noOrganization();
  await checkClientsExist(call, config.enabledClients);
  await checkAssignableRoles(call, config.assignableRoles);
  if (connection !== undefined) await checkIsTheirs(call, connection.id, organizationId);
  const setup: Setup = {
    id: newId(deps.entropy, 'sst'),
    organizationId,
    profileId: profile.id,
    connectionId: connection?.id,
    config,
    provider: undefined,
    candidate: undefined,
    passed: undefined,
    passedAt: undefined,
    createdAt: call.now,
    expiresAt: addSeconds(call.now, body.ttl_sec === undefined || body.ttl_sec === 0 ? MAX_TTL_SECONDS : body.ttl_sec),
    revokedAt: undefined,
  };
  const secret = newSecret(deps.entropy);
  await call.directory.selfService.createSetup(setup, hashSecret(secret));
  return {
    body: { ticket: `${deps.origin}${SETUP_PATH}?ticket=${setup.id}.${secret}` },
    log: { organizationId, details: { ticket_id: setup.id } },
  };
}

/** Returns the operations on the tickets of self-service profiles. */
export function setupTicketOperations(deps: ManagementDeps): Operation[] {
  const path = '/self-service-profiles/{id}/sso-ticket';
  return [
    {
      method: 'post',
      path,
      summary: "Make a link with which a customer's administrator sets up their sign-in",
      status: 201,
      reply: replyOf({ ticket: 'string' }),
      refusals: [404, 409],
      run: (call) => create(deps, call),
    },
    {
      method: 'post',
      path: '/self-service-profiles/{profileId}/sso-ticket/{id}/revoke',
      summary: 'Revoke a self-service set-up link',
      status: 202,
      refusals: [404],
      async run(call) {
        const { profileId = '', id = '' } = call.params;
        if (!(await call.directory.selfService.revokeSetup(profileId, id, call.now)))
          throw notFound('The ticket does not exist.');
        return { log: { details: { ticket_id: id } } };
      },
    },
  ];
}
