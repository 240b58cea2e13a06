/**
 * `managed_by_organization`, an addition to a connection: the organization whose administrators made it by the My
 * Organization API (ADR 0102). Keeps such a connection to this organization alone, and ends the trust in its people when
 * its provider changes. Never lets a member say whose a connection is, and never gives a customer's connection the trust
 * of an operator's: only an operator does, who takes it over with `null`.
 */
import { isOtherProvider } from '../../domain/companies/idp-destination.js';
import { isEnterprise, type Strategy } from '../../domain/tenant.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { EnablementRecord } from '../../ports/directory/organizations.js';
import { badBody, conflict, noConnection } from '../api/errors.js';
import type { Call, Wire } from '../api/operation.js';

interface MakerBody {
  readonly managed_by_organization?: string | null;
  readonly enabled_clients?: readonly string[] | null;
  readonly needs_organization?: boolean;
}

type Customers = Pick<ConnectionRecord, 'managedByOrganization'>;

const notOutside = () =>
  conflict(
    'The administrators of an organization manage this connection, so nobody signs in with it outside that organization. Take it over first (managed_by_organization: null).',
    'managed_connection',
  );

/** Throws 409 for a change that would let people sign in by a customer's connection without its organization. */
function checkStaysInside(body: MakerBody): void {
  const asks = (body.enabled_clients ?? []).length > 0 || body.needs_organization === false;
  if (asks) throw notOutside();
}

async function checkOrganization(call: Pick<Call, 'directory'>, id: string): Promise<void> {
  if ((await call.directory.organizations.find(id)) === undefined)
    throw badBody('managed_by_organization is the id of an organization.');
}

/**
 * Returns the organization that manages a new connection: that of the member who creates it, else the one that an
 * operator names. Throws 400 for a database connection and an unknown organization, 409 for clients.
 */
export async function toMaker(call: Call, body: MakerBody, strategy: Strategy): Promise<string | undefined> {
  const maker = call.caller.memberOf ?? body.managed_by_organization ?? undefined;
  if (maker === undefined) return undefined;
  if (!isEnterprise(strategy))
    throw badBody('managed_by_organization needs a connection to an identity provider, not a database connection.');
  await checkOrganization(call, maker);
  checkStaysInside(body);
  return maker;
}

/**
 * Throws 409 when the connection cannot become one organization's own: another organization has added it, or people
 * sign in with it outside organizations. Attack: an administrator changes the sign-in of another customer's people.
 */
async function checkOnlyOf(call: Call, connection: ConnectionRecord, organizationId: string): Promise<void> {
  const { organizations, connections } = call.directory;
  const users = await organizations.listOrganizationsOf(connection.id);
  const clients = await connections.listClients(connection.id, 1, undefined);
  if (users.every((id) => id === organizationId) && clients.length === 0) return;
  throw conflict(
    'managed_by_organization: another organization uses this connection, or people sign in with it outside organizations.',
    'connection_in_use',
  );
}

/**
 * Returns who manages the connection after a change. A member's change makes it their organization's; an operator takes
 * it over with null, or gives it to the only organization that uses it. Throws 404 for the connection of another
 * organization, 409 while others use it. Requires a lock on the connection's row.
 */
export async function toNextMaker(call: Call, body: MakerBody, before: ConnectionRecord): Promise<Customers> {
  const { managedByOrganization: now } = before;
  const { memberOf } = call.caller;
  // Attack: a member names the connection of another organization, or takes the mark off their own.
  if (memberOf !== undefined && now !== undefined && now !== memberOf) throw noConnection();
  const asked = memberOf ?? body.managed_by_organization;
  const next = asked === undefined ? now : (asked ?? undefined);
  if (next !== undefined && next !== now) {
    await toMaker(call, { managed_by_organization: next }, before.strategy);
    await checkOnlyOf(call, before, next);
  }
  if (next !== undefined) checkStaysInside(body);
  // Attack: the former customer's directory writes people whom somebody else answers for now.
  if (now !== undefined && next !== now)
    for (const { id } of await call.directory.scim.listTokens(before.id))
      await call.directory.scim.deleteToken(before.id, id);
  return { managedByOrganization: next };
}

/** Throws 409 when a client is enabled for a connection that a customer made. */
export function checkNoClients({ managedByOrganization }: Customers, enables: boolean): void {
  if (enables && managedByOrganization !== undefined) throw notOutside();
}

/**
 * Throws 409 when the connection is another organization's own. Attack: a customer's identity provider signs in people
 * of another organization.
 */
export function checkMayUse({ managedByOrganization: maker }: Customers, organizationId: string): void {
  if (maker === undefined || maker === organizationId) return;
  throw conflict(
    'The administrators of another organization manage this connection, so only that organization uses it. Take it over first (managed_by_organization: null).',
    'managed_connection',
  );
}

/**
 * Throws 400 when auto-membership is turned on for a customer's connection that speaks for no domain: it would admit
 * nobody, and a domain that is added later would open it unnoticed. Where the operators' profile requires it, they have
 * decided so.
 */
export async function checkAutoMembership(
  call: Pick<Call, 'caller' | 'directory' | 'now'>,
  connection: ConnectionRecord,
  { organizationId, assignMembershipOnLogin }: Pick<EnablementRecord, 'organizationId' | 'assignMembershipOnLogin'>,
): Promise<void> {
  if (!assignMembershipOnLogin || connection.managedByOrganization === undefined) return;
  if (call.caller.membershipRequired) return;
  const proved = await call.directory.organizations.listProvedByDns(organizationId, call.now);
  if (connection.domainAliases.some((domain) => proved.includes(domain))) return;
  throw badBody(
    'assign_membership_on_login: prove a domain of your company by DNS and add it to this connection first. Only people with an address in it become members.',
  );
}

/**
 * Ends the trust in the people of a customer's connection whose provider, tenant, keys or client changed: each has to
 * prove their account again, and the sessions that the former provider opened end. Attack: an administrator points the
 * connection at a provider of their own, which asserts the subject of a colleague. Returns the warnings for the answer;
 * none where nothing changed.
 */
export async function endTrust(
  call: Pick<Call, 'directory'>,
  before: ConnectionRecord,
  after: Customers & { readonly options: Wire | undefined },
): Promise<Wire[]> {
  const isCustomers = (before.managedByOrganization ?? after.managedByOrganization) !== undefined;
  if (!isCustomers || after.options === undefined || !isOtherProvider(before.options, after.options)) return [];
  const people = await call.directory.users.distrust(before.id);
  if (people === 0) return [];
  return [
    {
      id: 'people_prove_again',
      message: `${people} people prove their account again at their next sign-in, since the identity provider changed.`,
      people,
    },
  ];
}
