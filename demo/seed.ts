/**
 * Sets the tenant up through the Management API alone. Updates the objects that exist and creates the missing ones.
 * Runs at every start, so a second start finds all objects again, even if it uses other ports.
 */
import { setOrder, takeActionsAway } from './actions/deploy.js';
import type { Addresses } from './addresses.js';
import { GLOBEX } from './company/employees.js';
import { dismissPeople, type Workplace } from './company/hire.js';
import { createAccount, DATABASE, type Operator, removePerson, type Tenant } from './operator.js';
import { LOOK, restoreAcme } from './organization-settings/acme.js';
import { ensureAda, ensureSettings } from './organization-settings/tenant.js';
import { CAST } from './people.js';
import { restoreCast } from './restore.js';

export const IDP_CLIENT_ID = 'vestibule';

interface ConnectionPlan {
  readonly name: string;
  readonly title: string;
  readonly issuer: string;
  readonly secret: string;
  /** If absent, the list does not change, since a rollout may have changed it. */
  readonly domains?: readonly string[];
}

/** Returns the connection's id, and whether its identity provider moved to another address since the last start. */
async function ensureConnection(operator: Operator, plan: ConnectionPlan): Promise<{ id: string; moved: boolean }> {
  const { sdk } = operator;
  const options = {
    type: 'back_channel' as const,
    issuer: plan.issuer,
    discovery_url: `${plan.issuer}/.well-known/openid-configuration`,
    client_id: IDP_CLIENT_ID,
    client_secret: plan.secret,
    scope: 'openid profile email',
  };
  const [found] = (await sdk.connections.list({ name: plan.name })).data;
  const kept = (found?.options as { domain_aliases?: string[] } | undefined)?.domain_aliases ?? [];
  const withDomains = { ...options, domain_aliases: [...(plan.domains ?? kept)] };
  if (found?.id === undefined) {
    const made = await sdk.connections.create({
      name: plan.name,
      strategy: 'oidc',
      display_name: plan.title,
      options: withDomains,
    });
    return { id: String(made.id), moved: false };
  }
  const moved = (found.options as { issuer?: string } | undefined)?.issuer !== plan.issuer;
  await sdk.connections.update(found.id, { display_name: plan.title, options: withDomains });
  return { id: found.id, moved };
}

async function ensureDatabase(operator: Operator): Promise<string> {
  const { sdk } = operator;
  const [found] = (await sdk.connections.list({ name: DATABASE })).data;
  return String(found?.id ?? (await sdk.connections.create({ name: DATABASE, strategy: 'auth0' })).id);
}

async function ensureApplication(operator: Operator, origin: string): Promise<{ id: string; secret: string }> {
  const { sdk } = operator;
  const settings = {
    app_type: 'regular_web' as const,
    callbacks: [`${origin}/callback`],
    allowed_logout_urls: [origin, `${origin}/`],
    organization_usage: 'require' as const,
    organization_require_behavior: 'pre_login_prompt' as const,
    grant_types: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_method: 'client_secret_post' as const,
    initiate_login_uri: `${origin}/login`,
  };
  const listed = (await sdk.clients.list({ per_page: 100 })).data.find((client) => client.name === 'Notebook');
  const client = listed?.client_id
    ? await sdk.clients.update(listed.client_id, settings)
    : await sdk.clients.create({ name: 'Notebook', ...settings });
  const whole = await sdk.clients.get(String(client.client_id));
  return { id: String(whole.client_id), secret: String(whole.client_secret) };
}

interface OrganizationPlan {
  readonly name: string;
  readonly title: string;
  readonly color: string;
  /** `auto`: auto-membership is on at the first start. Afterwards the reader decides. */
  readonly connections: readonly { id: string; button: boolean; auto?: true }[];
}

async function ensureOrganization(operator: Operator, plan: OrganizationPlan): Promise<{ id: string; isNew: boolean }> {
  const { sdk } = operator;
  const settings = {
    display_name: plan.title,
    branding: { colors: { primary: plan.color, page_background: '#ffffff' } },
  };
  const found = (await sdk.organizations.list({ take: 100 })).data.find((item) => item.name === plan.name);
  const organization = found?.id
    ? await sdk.organizations.update(found.id, settings)
    : await sdk.organizations.create({ name: plan.name, ...settings });
  const id = String(organization.id);
  const enabled = (await sdk.organizations.enabledConnections.list(id, { per_page: 100 })).data;
  for (const connection of plan.connections) {
    const flags = { assign_membership_on_login: connection.auto === true, show_as_button: connection.button };
    const isThere = enabled.some((item) => item.connection_id === connection.id);
    if (isThere && connection.auto) continue;
    if (isThere) await sdk.organizations.enabledConnections.update(id, connection.id, flags);
    else await sdk.organizations.enabledConnections.add(id, { connection_id: connection.id, ...flags });
  }
  return { id, isNew: found === undefined };
}

async function ensureRole(operator: Operator, name: string, description: string): Promise<string> {
  const { roles } = operator.sdk;
  const known = (await roles.list({ per_page: 100 })).data.find((role) => role.name === name);
  return String(known?.id ?? (await roles.create({ name, description })).id);
}

async function addMallory(operator: Operator, tenant: Tenant): Promise<void> {
  await removePerson(operator, tenant, CAST.mallory);
  const userId = await createAccount(operator, CAST.mallory, true);
  await operator.sdk.organizations.members.create(tenant.evilId, { members: [userId] });
}

/**
 * Creates the company of story 13 before its move: no proved domain, none that leads to its sign-in, auto-membership
 * on, and no people.
 */
async function ensureGlobex(operator: Operator, issuer: string, secret: string, databaseId: string) {
  const connection = await ensureConnection(operator, {
    name: GLOBEX.connection,
    title: 'Globex sign-in',
    issuer,
    secret,
  });
  const organization = await ensureOrganization(operator, {
    name: GLOBEX.name,
    title: GLOBEX.title,
    color: '#5b3fa8',
    connections: [
      { id: databaseId, button: false },
      { id: connection.id, button: false, auto: true },
    ],
  });
  if (connection.moved) await dismissPeople(operator, organization.id);
  return { organizationId: organization.id, connectionId: connection.id };
}

async function ensureRoles(operator: Operator): Promise<Workplace['roles']> {
  return {
    editor: await ensureRole(operator, 'editor', 'May edit'),
    approver: await ensureRole(operator, 'approver', 'May approve'),
  };
}

/** Creates only Globex, on any tenant, with its identity provider at `issuer`. Does not change an existing Globex. */
export async function seedGlobex(operator: Operator, issuer: string): Promise<Workplace> {
  const organizations = (await operator.sdk.organizations.list({ take: 100 })).data;
  const idOf = (name: string) => organizations.find((one) => one.name === name)?.id;
  const databaseId = await ensureDatabase(operator);
  const known = idOf(GLOBEX.name);
  // Nobody signs in on such a tenant: the provider accepts only the secret of the demo's own tenant.
  const secret = 'none';
  const organizationId = known ?? (await ensureGlobex(operator, issuer, secret, databaseId)).organizationId;
  return { organizationId, otherId: idOf('acme'), databaseId, roles: await ensureRoles(operator) };
}

/** Brings the tenant into the state in which every story can begin. */
export async function seed(operator: Operator, addresses: Addresses, idpSecret: string): Promise<Tenant> {
  const databaseId = await ensureDatabase(operator);
  const idp = { secret: idpSecret };
  const acme = await ensureConnection(operator, {
    ...idp,
    name: 'acme-oidc',
    title: 'Acme sign-in',
    issuer: addresses.acmeIdp,
    domains: ['acme.example'],
  });
  const evil = await ensureConnection(operator, {
    ...idp,
    name: 'evil-oidc',
    title: 'Evil Corp sign-in',
    issuer: addresses.evilIdp,
    domains: [],
  });
  const client = await ensureApplication(operator, addresses.application);
  await operator.sdk.connections.clients.update(databaseId, [{ client_id: client.id, status: true }]);
  const acmeOrganization = await ensureOrganization(operator, {
    name: 'acme',
    ...LOOK,
    connections: [
      { id: databaseId, button: false },
      { id: acme.id, button: true },
    ],
  });
  const evilOrganization = await ensureOrganization(operator, {
    name: 'evil-corp',
    title: 'Evil Corp',
    color: '#8a1c3b',
    connections: [
      { id: databaseId, button: false },
      { id: evil.id, button: true },
    ],
  });
  const globex = await ensureGlobex(operator, addresses.globexIdp, idpSecret, databaseId);
  const roles = await ensureRoles(operator);
  const settings = await ensureSettings(operator, addresses, { clientId: client.id, roles });
  const tenant: Tenant = {
    acmeId: acmeOrganization.id,
    evilId: evilOrganization.id,
    globexId: globex.organizationId,
    globexConnectionId: globex.connectionId,
    acmeConnectionId: acme.id,
    evilConnectionId: evil.id,
    databaseId,
    clientId: client.id,
    clientSecret: client.secret,
    settingsClientId: settings.clientId,
    roles: { ...roles, admin: settings.adminRole },
  };
  await restoreAcme(operator, tenant);
  // If the demo ended during a play, its Action is still there, and perhaps the order of that play.
  if (await takeActionsAway(operator)) await setOrder(operator, 'after_actions');
  // Identities belong to the address of their provider. After that address moved, the former identities match nobody.
  if (acmeOrganization.isNew || acme.moved) {
    await restoreCast(operator, tenant);
    await addMallory(operator, tenant);
  } else await ensureAda(operator, tenant);
  return tenant;
}
