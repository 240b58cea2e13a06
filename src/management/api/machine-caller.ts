/**
 * The machine client behind a token, as its grant is at this moment (ADR 0027): asked when the request arrives, and once more when it is done.
 * Reads only; knows no operation.
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
 * The caller with those scopes of the token that its client still has. A token is good for a day: without this one read by primary key, a
 * client that was deleted, or whose grant was removed or narrowed after a leak, could go on until then.
 */
export async function asGrantedNow(
  { origin, directory }: Ground,
  { clientId, subject, scopes }: Bearer,
): Promise<Caller | undefined> {
  const granted = await directory.access.findUsableScopes(clientId, managementAudience(origin));
  return granted && { clientId, subject, scopes: new Set(granted.filter((scope) => scopes.has(scope))) };
}

/**
 * Throws 403 where the client has lost a scope since `caller` was read. Attack stopped here: everybody who has a token that leaked sends the body of
 * a new grant slowly, byte by byte, and ends it after the grant of that client was removed.
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
 * Throws 403 for a machine's token of one organization, whatever its grant says. Attack stopped here: a machine that was given to one customer
 * rules the whole tenant. A person's token is of the operators' organization, or it opens nothing (operator-caller.ts).
 */
export function checkTenantWideToken({ organizationId }: Bearer): void {
  if (organizationId === undefined) return;
  throw new ManagementError(
    403,
    `This token is of the organization ${organizationId}, and the Management API changes the whole tenant. Ask for a token without an organization.`,
    'insufficient_scope',
  );
}
