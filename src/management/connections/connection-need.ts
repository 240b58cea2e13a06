/**
 * `needs_organization`, an addition to a connection: nobody signs in through it without an organization. The first
 * organization that enables a company's connection sets it (src/storage/directory/organizations/enablements.ts). Only
 * an operator resets it, with `false`, once no organization uses the connection. Decides nothing about sign-ins: the
 * login reads the column itself.
 */
import type { Strategy } from '../../domain/tenant.js';
import { isEnterprise } from '../../domain/tenant.js';
import type { ConnectionRecord } from '../../ports/directory/connections.js';
import { badBody, conflict } from '../api/errors.js';
import type { Call, Wire } from '../api/operation.js';

interface NeedBody {
  readonly needs_organization?: boolean;
}

/** Returns the value for a new connection. Throws 400 for a database connection that would need an organization. */
export function toNeed({ needs_organization: needs = false }: NeedBody, strategy: Strategy): boolean {
  if (needs && !isEnterprise(strategy))
    throw badBody('needs_organization = true needs a connection to an identity provider, not a database connection.');
  return needs;
}

/**
 * Returns the value that a change asks for, undefined without one. Throws 409 for `false` while an organization uses
 * the connection: it would have no effect now, and open the connection to strangers once that organization is
 * disconnected. The connection is locked.
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
 * Removes `needs_organization` from a list for connections that an organization uses, since enabling them elsewhere
 * sets it again: deploy-cli sends everything in a list to the next server, which may be Auth0. Keeps it when nothing
 * else would close the connection.
 */
export async function withoutImpliedNeed(call: Pick<Call, 'directory'>, wires: readonly Wire[]): Promise<Wire[]> {
  const needing = wires.filter((wire) => wire.needs_organization === true).map(({ id }) => String(id));
  if (needing.length === 0) return [...wires];
  const serving = await call.directory.organizations.listServing(needing);
  return wires.map(({ needs_organization: needs, ...wire }) =>
    needs === true && !serving.has(String(wire.id)) ? { ...wire, needs_organization: true } : wire,
  );
}
