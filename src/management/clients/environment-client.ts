/**
 * The machine client that the environment names (VESTIBULE_MANAGEMENT_CLIENT_ID). Every start writes its secret, its grant type and its grant again
 * (bootstrap.ts). A write that takes one of them away would last until the next start, and lock out the scripts and commands that sign in
 * with it meanwhile: it is refused, everybody who asks. Stops a client with `update:clients` alone that would shut out the operator.
 */
import type { ClientGrantRecord } from '../../ports/directory/access.js';
import type { ClientRecord } from '../../ports/directory/clients.js';
import { managementAudience } from '../api/audience.js';
import type { ManagementDeps } from '../api/deps.js';
import { ManagementError } from '../api/errors.js';
import { MANAGEMENT_SCOPES } from '../api/scopes.js';

type Deps = Pick<ManagementDeps, 'environmentClientId' | 'origin'>;

function refuse(what: string): ManagementError {
  return new ManagementError(
    403,
    `This is the machine client of the server's own environment (VESTIBULE_MANAGEMENT_CLIENT_ID): ${what}. Every start writes it as the environment says, so change the environment and start again, or use another client.`,
    'client_of_environment',
  );
}

/** Throws 403 for a client of the environment that would be deleted, or get another secret. */
export function checkNotOfEnvironment({ environmentClientId }: Deps, clientId: string, what: string): void {
  if (environmentClientId !== undefined && environmentClientId === clientId) throw refuse(what);
}

/** Throws 403 where the client of the environment could not ask for its tokens any more, as it would be after a change. */
export function checkStaysMachine({ environmentClientId }: Deps, after: ClientRecord): void {
  if (after.clientId !== environmentClientId) return;
  const stays =
    after.tokenEndpointAuthMethod === 'client_secret_post' && after.grantTypes.includes('client_credentials');
  if (!stays)
    throw refuse('it signs in with its secret in the body (client_secret_post), as a machine (client_credentials)');
}

/** Throws 403 where the client of the environment would lose scopes of the Management API; `scopes` are those that it would keep. */
export function checkGrantStays(deps: Deps, grant: ClientGrantRecord, scopes: readonly string[]): void {
  if (grant.clientId !== deps.environmentClientId || grant.audience !== managementAudience(deps.origin)) return;
  const lost = MANAGEMENT_SCOPES.filter((scope) => grant.scopes.includes(scope) && !scopes.includes(scope));
  if (lost.length > 0) throw refuse('its grant has every scope of the Management API');
}
