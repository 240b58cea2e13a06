/**
 * Over which of the enabled connections a login goes: home realm discovery, and the database that passwords belong to. Pure; decides
 * by what the request, the invitation and the administrator's settings say, never by whether an account exists.
 */
import { emailDomain, parseEmail } from '../domain/email.js';
import { isEnterprise, type OrganizationConnection } from '../domain/tenant.js';
import type { Identified } from './stages.js';

type Ways = Pick<Identified, 'connections' | 'invitation'>;

/** Home realm discovery: the enterprise connection that lists the address's domain, as a whole, among its aliases. */
export function findHomeRealm({ connections }: Ways, username: string): OrganizationConnection | undefined {
  const email = parseEmail(username);
  if (email === undefined) return undefined;
  const domain = emailDomain(email);
  return connections.find(
    (item) => isEnterprise(item.connection.strategy) && item.connection.domainAliases.includes(domain),
  );
}

/** The connection that needs no question: asked for by name, named by the invitation, or the only one there is and a company's. */
export function findChosen(
  { connections, invitation }: Ways,
  named: string | undefined,
): OrganizationConnection | 'unknown' | undefined {
  if (named !== undefined) return connections.find((item) => item.connection.name === named) ?? 'unknown';
  if (invitation?.connectionId !== undefined)
    return connections.find((item) => item.connection.id === invitation.connectionId) ?? 'unknown';
  const [only] = connections;
  return connections.length === 1 && only && isEnterprise(only.connection.strategy) ? only : undefined;
}

/**
 * The databases whose passwords count: the one that `named` (a connection's name) asks for, else the invitation's, else every
 * enabled one, since nothing says which one an address belongs to (a new account is opened in the first). A company's connection by name leaves the password to the person
 * (the page of a company that cannot be reached offers it).
 */
export function findDatabases({ connections, invitation }: Ways, named: string | undefined): OrganizationConnection[] {
  const databases = connections.filter((item) => !isEnterprise(item.connection.strategy));
  const company = connections.find((item) => isEnterprise(item.connection.strategy) && item.connection.name === named);
  if (named !== undefined && !company) return databases.filter((item) => item.connection.name === named);
  const invited = databases.filter((item) => item.connection.id === invitation?.connectionId);
  return invited.length > 0 ? invited : databases;
}
