/**
 * Chooses the connection of a login: home realm discovery, and the databases for a password. Pure; decides by the
 * request, the invitation and the administrator's settings, never by whether an account exists.
 */
import { type Email, emailDomain, parseEmail } from '../domain/people/email.js';
import { isEnterprise, isOpenTo, type OrganizationConnection } from '../domain/tenant.js';
import { isRefusal, type Refusal, refuse } from './refusals.js';
import type { Identified } from './stages.js';

type Ways = Pick<Identified, 'connections' | 'invitation' | 'organization'>;

/**
 * False for a connection that a customer made, where the customer's proof of the domain is over. Attack: somebody who
 * sold a domain goes on to receive the people of its new owner. What an operator requires still holds.
 */
function speaksFor({ connection, provedDomains, ssoRollout }: OrganizationConnection, domain: string): boolean {
  return connection.managedByOrganization === undefined || ssoRollout === 'required' || provedDomains.includes(domain);
}

/**
 * Home realm discovery: returns the enterprise connection that has the address's whole domain among its aliases. A
 * connection without a button is found only without an organization (Auth0, "Enable Organization Connections"), or
 * where the organization requires it: the organization refuses passwords then, so the person would have no other way to
 * sign in.
 */
export function findHomeRealm(
  { connections, organization }: Ways,
  username: string,
): OrganizationConnection | undefined {
  const email = parseEmail(username);
  if (email === undefined) return undefined;
  const domain = emailDomain(email);
  return connections.find(
    (item) =>
      isEnterprise(item.connection.strategy) &&
      item.connection.domainAliases.includes(domain) &&
      (organization === undefined || speaksFor(item, domain)) &&
      isOpenTo(item, email) &&
      (organization === undefined || item.showAsButton || item.ssoRollout === 'required'),
  );
}

/**
 * Returns the company connection that the organization requires for this address (`sso_rollout: required`): a password
 * is refused, except for break-glass members. Depends on settings alone, so a page may show the answer before anything
 * is proved.
 */
export function findRequiredCompany(
  { connections }: Pick<Ways, 'connections'>,
  email: Email,
): OrganizationConnection | undefined {
  const domain = emailDomain(email);
  return connections.find(
    (item) =>
      isEnterprise(item.connection.strategy) &&
      item.ssoRollout === 'required' &&
      item.connection.domainAliases.includes(domain) &&
      isOpenTo(item, email),
  );
}

/**
 * Returns the connection to use without asking the person: the one that the request or the invitation names, or the
 * only one if it is a company's. (If only a pilot group may use that one, the typed address decides.) Refuses a named
 * connection that is not enabled. Refuses an organization whose connections are all company connections without a
 * button, if none is named (as Auth0 does).
 */
export function findChosen(
  { connections, invitation, organization }: Ways,
  named: string | undefined,
): OrganizationConnection | Refusal | undefined {
  const { connectionId } = invitation ?? {};
  if (named !== undefined || connectionId !== undefined) {
    const found = connections.find(({ connection }) =>
      named === undefined ? connection.id === connectionId : connection.name === named,
    );
    return found ?? refuse('identify.connection_not_enabled', `connection ${named ?? connectionId}`);
  }
  const companies = connections.filter((item) => isEnterprise(item.connection.strategy));
  if (companies.length < connections.length) return undefined;
  if (organization !== undefined && !companies.some((item) => item.showAsButton))
    return refuse('identify.no_visible_connections', organization.id);
  const [only, another] = companies;
  return only && !another && only.pilotEmails.length === 0 ? only : undefined;
}

/**
 * True when anybody may open an account in `database`, invited or not. False at an application that requires an
 * organization, if the login names none: the new account could not enter.
 */
export function isSignUpOpen(
  { organization, client }: Pick<Identified, 'organization' | 'client'>,
  database: OrganizationConnection | undefined,
): boolean {
  if (organization === undefined && client.organizationUsage === 'require') return false;
  return database?.isSignupEnabled === true;
}

/**
 * Returns the database connections in which a password is looked up: the one with the name `named`, else the
 * invitation's, else all enabled ones, since an address does not tell its database. A new account is opened in the
 * first. A company's connection in `named` restricts nothing: the page of an unreachable company offers the password.
 */
export function findDatabases(
  { connections, invitation }: Pick<Ways, 'connections' | 'invitation'>,
  named: string | undefined,
): OrganizationConnection[] {
  const databases = connections.filter((item) => !isEnterprise(item.connection.strategy));
  const company = connections.find((item) => isEnterprise(item.connection.strategy) && item.connection.name === named);
  if (named !== undefined && !company) return databases.filter((item) => item.connection.name === named);
  const invited = databases.filter((item) => item.connection.id === invitation?.connectionId);
  return invited.length > 0 ? invited : databases;
}

type Invited = NonNullable<Identified['invitation']>;

/**
 * Returns the company connection by which an invited person signs in; undefined if they use a password. `none`: the
 * organization requires a company's sign-in for the address, but the invitation names a database, so neither works.
 * `chosen`: the database that the request names.
 */
export function findInvitedHome(
  identified: Ways,
  { connectionId, inviteeEmail }: Invited,
  chosen: OrganizationConnection | undefined,
): OrganizationConnection | 'none' | undefined {
  const company = findRequiredCompany(identified, inviteeEmail);
  if (company === undefined) return chosen ? undefined : findHomeRealm(identified, inviteeEmail);
  const named = identified.connections.find(({ connection }) => connection.id === connectionId);
  if (named === undefined) return company;
  return isEnterprise(named.connection.strategy) ? named : 'none';
}

/**
 * Returns the company connection to which an invited person will be sent, for the page that asks them first. Undefined
 * when they will use a password, or will be refused.
 */
export function findInvitedCompany(
  identified: Ways,
  invitation: Invited,
  named: string | undefined,
): OrganizationConnection | undefined {
  const chosen = findChosen(identified, named);
  if (chosen && isRefusal(chosen)) return undefined;
  if (chosen && isEnterprise(chosen.connection.strategy)) return chosen;
  const home = findInvitedHome(identified, invitation, chosen);
  return home === 'none' ? undefined : home;
}
