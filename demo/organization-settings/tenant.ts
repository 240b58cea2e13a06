/**
 * Prepares the tenant for *Organization settings*, through the Management API alone: the My Organization API, the page's
 * client, the role of customers' administrators, and Ada, who has it at Acme. A second start finds all of them again.
 */
import type { Addresses } from '../addresses.js';
import type { Workplace } from '../company/hire.js';
import { type Operator, restoreMember, type Tenant } from '../operator.js';
import type { Person } from '../people.js';
import { SETTINGS_PATH } from './serve.js';

/** Acme's administrator. Not in the cast: its stories and lists are about people who only sign in. */
export const ADA: Person = {
  key: 'ada',
  name: 'Ada',
  email: 'ada@acme.example',
  about: 'Acme’s administrator',
  atIdp: true,
};

export const ADMIN = 'admin';

const NAME = 'Organization settings';

interface OrganizationApi {
  readonly id: string;
  readonly identifier: string;
  readonly scopes: readonly { readonly value: string }[];
}

const identifierOf = (origin: string): string => `${origin}/my-org/`;

async function ensureApi(operator: Operator): Promise<OrganizationApi> {
  const identifier = identifierOf(operator.origin);
  const known = await operator.call<OrganizationApi[]>('GET', '/resource-servers?per_page=100');
  const found = known.find((one) => one.identifier === identifier);
  return found ?? operator.call<OrganizationApi>('POST', '/resource-servers', { identifier });
}

async function ensureClient(operator: Operator, { application }: Addresses, notebookId: string): Promise<string> {
  const settings = {
    app_type: 'spa',
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code'],
    callbacks: [`${application}${SETTINGS_PATH}`],
    web_origins: [application],
    allowed_logout_urls: [application],
    organization_usage: 'require',
    organization_require_behavior: 'pre_login_prompt',
    my_organization_configuration: {
      allowed_strategies: ['oidc', 'samlp', 'okta', 'waad', 'google-apps'],
      connection_deletion_behavior: 'allow',
      // Invited people come to the application, not to its settings.
      invitation_landing_client_id: notebookId,
    },
  };
  const { clients } = operator.sdk;
  const known = (await clients.list({ per_page: 100 })).data.find(({ name }) => name === NAME);
  if (known?.client_id === undefined)
    return (await operator.call<{ client_id: string }>('POST', '/clients', { name: NAME, ...settings })).client_id;
  await operator.call('PATCH', `/clients/${known.client_id}`, settings);
  return known.client_id;
}

async function ensureGrant(operator: Operator, clientId: string, { identifier, scopes }: OrganizationApi) {
  const scope = scopes.map(({ value }) => value);
  const query = new URLSearchParams({ client_id: clientId, audience: identifier, subject_type: 'user' });
  const [known] = await operator.call<{ id: string }[]>('GET', `/client-grants?${query}`);
  if (known) await operator.call('PATCH', `/client-grants/${known.id}`, { scope });
  else
    await operator.call('POST', '/client-grants', {
      client_id: clientId,
      audience: identifier,
      subject_type: 'user',
      scope,
    });
}

/** Gives the role every permission of the API. Members may give this role and those of the application. */
async function ensureAdminRole(operator: Operator, roles: Workplace['roles'], api: OrganizationApi): Promise<string> {
  const { sdk } = operator;
  const known = (await sdk.roles.list({ per_page: 100 })).data.find(({ name }) => name === ADMIN);
  const id = String(
    known?.id ?? (await sdk.roles.create({ name: ADMIN, description: 'May administer the organization' })).id,
  );
  for (const one of [id, ...Object.values(roles)])
    await operator.call('PATCH', `/roles/${one}`, { assignable_by_organizations: true });
  const permissions = api.scopes.map(({ value }) => ({
    permission_name: value,
    resource_server_identifier: api.identifier,
  }));
  await operator.call('POST', `/roles/${id}/permissions`, { permissions });
  return id;
}

/** Makes Ada a member of Acme with a password and the role `admin`. Returns the user id. */
export async function restoreAda(operator: Operator, tenant: Tenant): Promise<string> {
  const userId = await restoreMember(operator, tenant, ADA);
  await operator.sdk.organizations.members.roles.assign(tenant.acmeId, userId, { roles: [tenant.roles.admin] });
  return userId;
}

/** Makes Ada where a demo of an earlier version left a tenant without her. */
export async function ensureAda(operator: Operator, tenant: Tenant): Promise<void> {
  const known = await operator.sdk.users.listUsersByEmail({ email: ADA.email });
  if (known.length === 0) await restoreAda(operator, tenant);
}

/** Makes everything but Ada. Returns the ids of the page's client and of the role `admin`. */
export async function ensureSettings(
  operator: Operator,
  addresses: Addresses,
  { clientId, roles }: { readonly clientId: string; readonly roles: Workplace['roles'] },
): Promise<{ readonly clientId: string; readonly adminRole: string }> {
  const api = await ensureApi(operator);
  const own = await ensureClient(operator, addresses, clientId);
  await ensureGrant(operator, own, api);
  return { clientId: own, adminRole: await ensureAdminRole(operator, roles, api) };
}
