/**
 * Acme as it was before its own sign-in (no connection of a company, no domain), and as every other story needs it. Both
 * through the Management API alone.
 */
import { type Operator, removePerson, restoreMember, type Tenant } from '../operator.js';
import { CAST } from '../people.js';
import { restoreAda } from './tenant.js';

export const DOMAIN = 'acme.example';
/** Short names of the connections that Ada makes. */
export const OWN = { oidc: 'acme-own', saml: 'acme-saml' } as const;
/** Acme at the first start. Ada may change it. */
export const LOOK = { title: 'Acme', color: '#0b6e4f' } as const;
const WHITE = '#ffffff';

interface Enabled {
  readonly connection_id: string;
}

/** Lists Acme's connections, those that are switched off too. */
const listEnabled = (operator: Operator, { acmeId }: Tenant): Promise<readonly Enabled[]> =>
  operator.call('GET', `/organizations/${acmeId}/connections?per_page=100`);

/** True if Acme has the connection that the operator made. */
export async function hasOperatorsSso(operator: Operator, tenant: Tenant): Promise<boolean> {
  return (await listEnabled(operator, tenant)).some(({ connection_id: id }) => id === tenant.acmeConnectionId);
}

/** Deletes the connections that Ada made, those that she detached too. Their names begin with Acme's id. */
async function removeOwn(operator: Operator, { acmeId }: Tenant): Promise<void> {
  const start = `${acmeId.replace('_', '-')}-`;
  const all = await operator.call<{ id: string; name: string }[]>('GET', '/connections?per_page=100');
  for (const { id, name } of all) if (name.startsWith(start)) await operator.sdk.connections.delete(id);
}

/** Gives Acme its title and colors back, if Ada changed them. */
async function restoreLook({ sdk }: Operator, { acmeId }: Tenant): Promise<void> {
  const { display_name: title, branding } = await sdk.organizations.get(acmeId);
  const { primary, page_background: background } = branding?.colors ?? {};
  const isSame = title === LOOK.title && primary === LOOK.color && background === WHITE && !branding?.logo_url;
  if (isSame) return;
  const colors = { primary: LOOK.color, page_background: WHITE };
  await sdk.organizations.update(acmeId, { display_name: LOOK.title, branding: { colors } });
}

async function removeDomains({ sdk }: Operator, { acmeId }: Tenant): Promise<void> {
  const { discoveryDomains } = sdk.organizations;
  for (const { id } of (await discoveryDomains.list(acmeId)).data) await discoveryDomains.delete(acmeId, id);
}

/** Takes Acme's sign-in away, and makes Ada and Dana members with a password alone. Returns their user ids. */
export async function takeSsoAway(operator: Operator, tenant: Tenant) {
  const enabled = await listEnabled(operator, tenant);
  await removeOwn(operator, tenant);
  await restoreLook(operator, tenant);
  if (enabled.some(({ connection_id: id }) => id === tenant.acmeConnectionId))
    await operator.sdk.organizations.enabledConnections.delete(tenant.acmeId, tenant.acmeConnectionId);
  await removeDomains(operator, tenant);
  for (const person of [CAST.sam, CAST.ivy]) await removePerson(operator, tenant, person);
  return { ada: await restoreAda(operator, tenant), dana: await restoreMember(operator, tenant, CAST.dana) };
}

/** Gives Acme its look and the operator's connection and domain back, as every other story expects. Changes only what differs. */
export async function restoreAcme(operator: Operator, tenant: Tenant): Promise<void> {
  const { acmeId, acmeConnectionId } = tenant;
  const { enabledConnections, discoveryDomains } = operator.sdk.organizations;
  await restoreLook(operator, tenant);
  const enabled = await listEnabled(operator, tenant);
  const domains = (await discoveryDomains.list(acmeId)).data;
  const isThere = enabled.some(({ connection_id: id }) => id === acmeConnectionId);
  // Two: this one, and the one with the passwords.
  if (isThere && enabled.length === 2 && domains.length === 1 && domains[0]?.status === 'verified') return;
  await removeOwn(operator, tenant);
  await removeDomains(operator, tenant);
  const flags = { assign_membership_on_login: false, show_as_button: true };
  if (!isThere) await enabledConnections.add(acmeId, { connection_id: acmeConnectionId, ...flags });
  await discoveryDomains.create(acmeId, { domain: DOMAIN, status: 'verified' });
}
