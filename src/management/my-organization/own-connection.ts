/**
 * A connection as the organization of a token sees it (ADR 0101): how much its administrators may do with it. No operation
 * of the API reaches a connection past this file. Changes nothing.
 */
import { ENTERPRISE_STRATEGIES } from '../../facts/strategies.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import type { EnablementRecord } from '../../ports/directory/organizations.js';
import type { Directory, Page, PageRequest } from '../../ports/directory.js';
import { ManagementError } from '../api/errors.js';
import { noIdp } from './idp.js';

/** From nothing to everything, as in Auth0's `organization_access_level`. */
const LEVELS = ['none', 'readonly', 'limited', 'full'] as const;
export type AccessLevel = (typeof LEVELS)[number];

export interface OwnConnection {
  readonly connection: ConnectionRecord;
  readonly enablement: EnablementRecord;
  readonly level: Exclude<AccessLevel, 'none'>;
}

/** Where the connection is used besides in the organization. */
export interface OtherUse {
  readonly organizations: readonly string[];
  /** Applications whose people sign in through it without an organization. */
  readonly clients: readonly string[];
}

/**
 * Returns what the organization's administrators may do with a connection: what the operator's setting says, and `limited`
 * at most unless the organization made the connection itself and nobody else uses it. Attack: administrators of one
 * customer change where the people of another customer sign in.
 */
export function accessLevelOf(
  { organizationId, organizationAccessLevel }: Pick<EnablementRecord, 'organizationId' | 'organizationAccessLevel'>,
  { managedByOrganization }: Pick<ConnectionRecord, 'managedByOrganization'>,
  { organizations, clients }: OtherUse,
): AccessLevel {
  const level = LEVELS.find((name) => name === organizationAccessLevel) ?? 'none';
  const isTheirs = managedByOrganization === organizationId;
  const isAlone = clients.length === 0 && organizations.every((id) => id === organizationId);
  return level === 'full' && !(isTheirs && isAlone) ? 'limited' : level;
}

async function findUse(directory: Directory, connectionId: string): Promise<OtherUse> {
  return {
    organizations: await directory.organizations.listOrganizationsOf(connectionId),
    clients: await directory.connections.listClients(connectionId, 1, undefined),
  };
}

async function see(
  directory: Directory,
  connection: ConnectionRecord | undefined,
  enablement: EnablementRecord | undefined,
): Promise<OwnConnection | undefined> {
  if (connection === undefined || enablement === undefined) return undefined;
  if (!ENTERPRISE_STRATEGIES.includes(connection.strategy)) return undefined;
  const level = accessLevelOf(enablement, connection, await findUse(directory, connection.id));
  return level === 'none' ? undefined : { connection, enablement, level };
}

/** The part of a call that decides: the organization of its token. */
interface Of {
  readonly organizationId: string;
}

/**
 * Returns the connection that the organization of the token has, enabled or disabled, with its level. Throws 404 for
 * every other id: unknown, of another organization, of a database, or not visible to customers.
 */
export async function findOwn(
  { organizationId }: Of,
  directory: Directory,
  connectionId: string,
): Promise<OwnConnection> {
  const enablement = await directory.organizations.findEnablement(organizationId, connectionId);
  const own = enablement && (await see(directory, await directory.connections.find(connectionId), enablement));
  if (own === undefined) throw noIdp();
  return own;
}

const readOnly = () => new ManagementError(403, 'Your organization may only read this identity provider.');

/**
 * Returns the connection if the organization may change how it uses it, or stop using it. Throws 404 as {@link findOwn},
 * and 403 for `readonly`.
 */
export async function getDetachable(call: Of, directory: Directory, connectionId: string): Promise<OwnConnection> {
  const own = await findOwn(call, directory, connectionId);
  if (own.level === 'readonly') throw readOnly();
  return own;
}

/**
 * Returns the connection if the organization may change it as a whole. Throws 404 as {@link findOwn}, and 403 below
 * `full`. In the transaction of a write, call.ts uses {@link holdEditable}.
 */
export async function getEditable(call: Of, directory: Directory, connectionId: string): Promise<OwnConnection> {
  const own = await getDetachable(call, directory, connectionId);
  if (own.level !== 'full')
    throw new ManagementError(
      403,
      'An operator set this identity provider up, or others use it too. Ask the operator for the change.',
    );
  return own;
}

/**
 * Returns the same as {@link getEditable} and locks the connection, in the transaction of `directory`: an operator who
 * gives it to another organization meanwhile waits, or comes first and wins.
 */
export async function holdEditable(call: Of, directory: Directory, connectionId: string): Promise<OwnConnection> {
  if ((await directory.connections.findForUpdate(connectionId)) === undefined) throw noIdp();
  return getEditable(call, directory, connectionId);
}

/** Lists all connections of the organization that its administrators see, in the order in which it got them. */
export async function listOwn({ organizationId }: Of, directory: Directory): Promise<readonly OwnConnection[]> {
  const found: OwnConnection[] = [];
  let page: PageRequest | undefined = { limit: 100 };
  while (page !== undefined) {
    const { items, next }: Page<EnablementRecord> = await directory.organizations.listEnablements(
      organizationId,
      {},
      page,
    );
    for (const enablement of items) {
      const own = await see(directory, await directory.connections.find(enablement.connectionId), enablement);
      if (own !== undefined) found.push(own);
    }
    page = next && { limit: 100, after: next };
  }
  return found;
}
