/**
 * Acme as it was before its own sign-in (no connection of a company, no domain), and as every other story needs it. Both
 * through the Management API alone.
 */
import { type Operator, removePerson, restoreMember, type Tenant } from '../operator.js';
import { CAST } from '../people.js';
import { restoreAda } from './tenant.js';

export const DOMAIN = 'acme.example';
/** Short name of the connection that Ada makes. */
export const OWN = 'acme-own';

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

/** Deletes the connections that Ada made: those that are neither the operator's nor the one with the passwords. */
async function removeOwn(operator: Operator, { databaseId, acmeConnectionId }: Tenant, enabled: readonly Enabled[]) {
  for (const { connection_id: id } of enabled)
    if (id !== databaseId && id !== acmeConnectionId) await operator.sdk.connections.delete(id);
}

async function removeDomains({ sdk }: Operator, { acmeId }: Tenant): Promise<void> {
  const { discoveryDomains } = sdk.organizations;
  for (const { id } of (await discoveryDomains.list(acmeId)).data) await discoveryDomains.delete(acmeId, id);
}

/** Takes Acme's sign-in away, and makes Ada and Dana members with a password alone. Returns their user ids. */
export async function takeSsoAway(operator: Operator, tenant: Tenant) {
  const enabled = await listEnabled(operator, tenant);
  await removeOwn(operator, tenant, enabled);
  if (enabled.some(({ connection_id: id }) => id === tenant.acmeConnectionId))
    await operator.sdk.organizations.enabledConnections.delete(tenant.acmeId, tenant.acmeConnectionId);
  await removeDomains(operator, tenant);
  for (const person of [CAST.sam, CAST.ivy]) await removePerson(operator, tenant, person);
  return { ada: await restoreAda(operator, tenant), dana: await restoreMember(operator, tenant, CAST.dana) };
}

/** Gives Acme the operator's connection and domain back, as every other story expects. Does nothing if it has just them. */
export async function restoreAcme(operator: Operator, tenant: Tenant): Promise<void> {
  const { acmeId, acmeConnectionId } = tenant;
  const { enabledConnections, discoveryDomains } = operator.sdk.organizations;
  const enabled = await listEnabled(operator, tenant);
  const domains = (await discoveryDomains.list(acmeId)).data;
  const isThere = enabled.some(({ connection_id: id }) => id === acmeConnectionId);
  // Two: this one, and the one with the passwords.
  if (isThere && enabled.length === 2 && domains.length === 1 && domains[0]?.status === 'verified') return;
  await removeOwn(operator, tenant, enabled);
  await removeDomains(operator, tenant);
  const flags = { assign_membership_on_login: false, show_as_button: true };
  if (!isThere) await enabledConnections.add(acmeId, { connection_id: acmeConnectionId, ...flags });
  await discoveryDomains.create(acmeId, { domain: DOMAIN, status: 'verified' });
}
