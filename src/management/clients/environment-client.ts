/**
 * The machine client that the environment names (VESTIBULE_MANAGEMENT_CLIENT_ID). Every start writes its secret, grant
 * type and grant again (bootstrap.ts). A write that removes one of them would last only until the next start, and until
 * then lock out the scripts and commands that sign in with it. So it is refused to every caller, as is a quota of
 * tokens. Attack: a client with only `update:clients` locks out the operator.
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

/**
 * Throws 403 when the client to be deleted, or to get another secret, is the environment's. `what`: the refused change,
 * for the message.
 */
export function checkNotOfEnvironment({ environmentClientId }: Deps, clientId: string, what: string): void {
  if (environmentClientId !== undefined && environmentClientId === clientId) throw refuse(what);
}

/** Throws 403 when a change would stop the environment's client from requesting its tokens. */
export function checkStaysMachine({ environmentClientId }: Deps, after: ClientRecord): void {
  if (after.clientId !== environmentClientId) return;
  const stays =
    after.tokenEndpointAuthMethod === 'client_secret_post' && after.grantTypes.includes('client_credentials');
  if (!stays)
    throw refuse('it signs in with its secret in the body (client_secret_post), as a machine (client_credentials)');
}

/**
 * Throws 403 when the environment's client would lose scopes of the Management API. `scopes`: those that it would keep.
 */
export function checkGrantStays(deps: Deps, grant: ClientGrantRecord, scopes: readonly string[]): void {
  if (grant.clientId !== deps.environmentClientId || grant.audience !== managementAudience(deps.origin)) return;
  const lost = MANAGEMENT_SCOPES.filter((scope) => grant.scopes.includes(scope) && !scopes.includes(scope));
  if (lost.length > 0) throw refuse('its grant has every scope of the Management API');
}
