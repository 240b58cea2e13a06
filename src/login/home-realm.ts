/**
 * Chooses the connection of a login: home realm discovery, and the database that a password belongs to. Pure; decides by the request, the
 * invitation and the administrator's settings, never by whether an account exists.
 */
import { type Email, emailDomain, parseEmail } from '../domain/people/email.js';
import { isEnterprise, isOpenTo, type OrganizationConnection } from '../domain/tenant.js';
import { type Refusal, refuse } from './refusals.js';
import type { Identified } from './stages.js';

type Ways = Pick<Identified, 'connections' | 'invitation' | 'organization'>;

/**
 * Home realm discovery: the enterprise connection that lists the address's whole domain among its aliases. A connection that an
 * organization does not show as a button is found only without an organization (Auth0, "Enable Organization Connections"), or where the
 * organization requires it: there the password would be refused, and the person would have no way in.
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
      isOpenTo(item, email) &&
      (organization === undefined || item.showAsButton || item.ssoRollout === 'required'),
  );
}

/**
 * The company connection that the organization requires for this address (`sso_rollout: required`): a password is refused, unless the
 * person is a break-glass member. Decided by settings alone, so a page may say it before anybody has proved anything.
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
 * The connection that is used without a question: named by the request, named by the invitation, or the only one if it is a company's and
 * not for a pilot group alone: then the address tells.
 * Refused: one that is not enabled, and an organization whose connections are all companies' and hidden, when none is named (Auth0).
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
 * Whether anybody may open an account in `database`, invited or not. Not at an application that requires an organization before one is
 * named: the new account could not enter.
 */
export function isSignUpOpen(
  { organization, client }: Pick<Identified, 'organization' | 'client'>,
  database: OrganizationConnection | undefined,
): boolean {
  if (organization === undefined && client.organizationUsage === 'require') return false;
  return database?.isSignupEnabled === true;
}

/**
 * The databases in which a password is looked up: the one that `named` (a connection's name) asks for, else the invitation's, else every
 * enabled one, since an address does not tell its database (a new account is opened in the first). If `named` is a company's connection,
 * all of these stay allowed: the page of a company that cannot be reached offers the password.
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
 * The company that an invited person signs in at; undefined for a password, `none` where the organization requires a company's sign-in for
 * the address and the invitation is for a password. `chosen` is the database that the request names, if it does.
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

/** The company that an invited person will be sent to, for the page that asks them; undefined for a password, or where it will be refused. */
export function findInvitedCompany(
  identified: Ways,
  invitation: Invited,
  named: string | undefined,
): OrganizationConnection | undefined {
  const chosen = findChosen(identified, named);
  if (chosen && 'kind' in chosen) return undefined;
  if (chosen && isEnterprise(chosen.connection.strategy)) return chosen;
  const home = findInvitedHome(identified, invitation, chosen);
  return home === 'none' ? undefined : home;
}
