/**
 * `needs_organization`, an addition to a connection: nobody signs in through it without an organization. It becomes
 * true when the first organization enables a company's connection (src/storage/directory/organizations/enablements.ts).
 * Only an operator resets it, with `false`, after no organization uses the connection any more. Decides nothing about
 * sign-ins: the login reads the column itself.
 */
import type { Strategy } from '../../domain/tenant.js';
import { isEnterprise } from '../../domain/tenant.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import { badBody, conflict } from '../api/errors.js';
import type { Call } from '../api/operation.js';

interface NeedBody {
  readonly needs_organization?: boolean;
}

/** Returns the value for a new connection. Throws 400 when a database connection is to need an organization. */
export function toNeed({ needs_organization: needs = false }: NeedBody, strategy: Strategy): boolean {
  if (needs && !isEnterprise(strategy))
    throw badBody('needs_organization = true needs a connection to an identity provider, not a database connection.');
  return needs;
}

/**
 * Returns the value that a change asks for; undefined when it asks for none. Throws 409 for `false` while an
 * organization uses the connection: the value would have no effect now, and would let strangers sign in after that
 * organization is disconnected. Requires a lock on the connection's row.
 */
export async function toChangedNeed(
  call: Pick<Call, 'directory'>,
  body: NeedBody,
  before: ConnectionRecord,
): Promise<boolean | undefined> {
  if (body.needs_organization === undefined) return undefined;
  const needs = toNeed(body, before.strategy);
  if (needs || !isEnterprise(before.strategy)) return needs;
  if (!(await call.directory.organizations.listServing([before.id])).has(before.id)) return needs;
  throw conflict(
    'needs_organization: an organization uses this connection. Switch it off there first, then allow sign-ins without an organization.',
    'connection_in_use',
  );
}

/**
 * Removes `needs_organization` from listed connections that an organization uses. deploy-cli copies a list to the next
 * server, which may be Auth0 and refuse the property; on this server, enabling the connection for an organization sets
 * it again. Keeps it on connections without organizations, where nothing would set it again.
 */
export async function withoutImpliedNeed(
  call: Pick<Call, 'directory'>,
  connections: readonly ConnectionRecord[],
): Promise<readonly ConnectionRecord[]> {
  const needing = connections.filter(({ needsOrganization }) => needsOrganization).map(({ id }) => id);
  if (needing.length === 0) return connections;
  const serving = await call.directory.organizations.listServing(needing);
  return connections.map((one) => (serving.has(one.id) ? { ...one, needsOrganization: false } : one));
}
