/**
 * Creates Initech, a customer whose people sign in with passwords, and its identity provider, which runs only during a
 * play. Each play creates both again, through the Management API alone.
 */
import { createServer } from 'node:net';
import type { Addresses } from '../addresses.js';
import { type RunningIdp, startIdp } from '../idp/start.js';
import { createAccount, type Operator, removePerson, type Tenant } from '../operator.js';
import type { Person } from '../people.js';

export const INITECH = { name: 'initech', title: 'Initech', domain: 'initech.example', connection: 'initech-own' };

const personOf = (key: string, name: string, about: string): Person => ({
  key,
  name,
  email: `${key}@${INITECH.domain}`,
  about,
  atIdp: true,
});

export const ANN = personOf('ann', 'Ann', 'Initech’s administrator, a member with a password');
export const BOB = personOf('bob', 'Bob', 'a member with a password');
export const ZOE = personOf('zoe', 'Zoe', 'works at Initech, and is no member');
const PEOPLE = [ANN, BOB, ZOE];

export interface Initech {
  readonly organizationId: string;
  /** Ids of the members before the set-up. */
  readonly userIds: Readonly<Record<string, string>>;
  readonly profileId: string;
}

async function removeOld({ sdk }: Operator): Promise<void> {
  const known = (await sdk.organizations.list({ take: 100 })).data.find(({ name }) => name === INITECH.name);
  if (known?.id !== undefined) await sdk.organizations.delete(known.id);
  for (const { id } of (await sdk.connections.list({ name: INITECH.connection })).data)
    if (id !== undefined) await sdk.connections.delete(id);
}

async function ensureProfile(operator: Operator): Promise<string> {
  const path = '/self-service-profiles';
  const known = await operator.call<{ id: string; name: string }[]>('GET', path);
  const found = known.find(({ name }) => name === 'customers');
  return (found ?? (await operator.call<{ id: string }>('POST', path, { name: 'customers' }))).id;
}

/** Initech as it was before: two members with passwords, and a domain that the operator has verified (the demo has no name server). */
export async function foundInitech(operator: Operator, tenant: Tenant): Promise<Initech> {
  const { organizations } = operator.sdk;
  await removeOld(operator);
  for (const person of PEOPLE) await removePerson(operator, tenant, person);
  const made = await organizations.create({
    name: INITECH.name,
    display_name: INITECH.title,
    branding: { colors: { primary: '#9a3412', page_background: '#ffffff' } },
    enabled_connections: [{ connection_id: tenant.databaseId, assign_membership_on_login: false }],
  });
  const organizationId = String(made.id);
  await organizations.discoveryDomains.create(organizationId, { domain: INITECH.domain, status: 'verified' });
  const userIds: Record<string, string> = {};
  for (const person of [ANN, BOB]) {
    const userId = await createAccount(operator, person, true);
    await organizations.members.create(organizationId, { members: [userId] });
    await organizations.members.roles.assign(organizationId, userId, { roles: [tenant.roles.editor] });
    userIds[person.key] = userId;
  }
  return { organizationId, userIds, profileId: await ensureProfile(operator) };
}

/** Creates the link for Initech's administrator. */
export async function makeTicket(operator: Operator, tenant: Tenant, initech: Initech): Promise<string> {
  const path = `/self-service-profiles/${initech.profileId}/sso-ticket`;
  const { ticket } = await operator.call<{ ticket: string }>('POST', path, {
    connection_config: { name: INITECH.connection, display_name: INITECH.title },
    enabled_organizations: [{ organization_id: initech.organizationId }],
    enabled_clients: [tenant.clientId],
    domain_aliases_config: { domain_verification: 'required' },
    ttl_sec: 3_600,
  });
  return ticket;
}

function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** Values that the administrator finds at the provider. */
export interface Provider {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Starts Initech's identity provider. */
export async function startProvider(addresses: Addresses): Promise<{ provider: Provider; idp: RunningIdp }> {
  const provider = {
    issuer: `http://localhost:${await findPort()}`,
    clientId: 'vestibule',
    clientSecret: crypto.randomUUID(),
  };
  const { issuer, clientId: id, clientSecret: secret } = provider;
  const idp = await startIdp({
    issuer,
    company: INITECH.title,
    accounts: PEOPLE.map(({ key, name, email }) => ({ login: key, name, email })),
    assertsAnything: false,
    client: { id, secret, callback: `${addresses.vestibule}/login/callback` },
    stage: addresses.stage,
  });
  return { provider, idp };
}
