/**
 * The machine client behind a token, with its current grant (ADR 0027). The grant is read when the request arrives, and
 * again when its body is complete. Reads only; knows no operation.
 */
import type { Directory } from '../../ports/directory.js';
import { managementAudience } from './audience.js';
import type { Bearer, Caller, ManagementDeps } from './deps.js';
import { ManagementError } from './errors.js';

interface Ground {
  readonly origin: ManagementDeps['origin'];
  readonly directory: Pick<Directory, 'access'>;
}

/**
 * Returns the caller with those scopes of the token that its client is still granted; undefined if the client is gone.
 * A token is valid for a day. Without this read, a client that was deleted, or whose grant was reduced after a leak,
 * would keep its rights until the token expires. The read is cheap: one row by primary key.
 */
export async function asGrantedNow(
  { origin, directory }: Ground,
  { clientId, subject, scopes }: Bearer,
): Promise<Caller | undefined> {
  const granted = await directory.access.findUsableScopes(clientId, managementAudience(origin));
  return granted && { clientId, subject, scopes: new Set(granted.filter((scope) => scopes.has(scope))) };
}

/**
 * Throws 403 when the client has lost a scope since `caller` was determined. Attack: the holder of a leaked token sends
 * the body of a request for a new grant slowly, byte by byte, and completes it after the client's grant was removed.
 */
export async function checkStillGranted(ground: Ground, bearer: Bearer, caller: Caller): Promise<void> {
  const held = (await asGrantedNow(ground, bearer))?.scopes;
  if (held !== undefined && [...caller.scopes].every((scope) => held.has(scope))) return;
  throw new ManagementError(
    403,
    "This client's grant was removed or narrowed while this request was on its way. Nothing was done.",
    'insufficient_scope',
  );
}

/**
 * Throws 403 for a machine's token that names an organization, whatever the client's grant. Attack: a machine client of
 * one customer changes the whole tenant. Only machines are checked here; operator-caller.ts requires a person's token
 * to name the operators' organization.
 */
export function checkTenantWideToken({ organizationId }: Bearer): void {
  if (organizationId === undefined) return;
  throw new ManagementError(
    403,
    `This token is of the organization ${organizationId}, and the Management API changes the whole tenant. Ask for a token without an organization.`,
    'insufficient_scope',
  );
}
