/**
 * Stops callers from getting rights on the Management API that they lack, by a client grant or by the secret of a
 * client with a larger grant. Stricter than Auth0, where `create:client_grants`, `update:client_keys` or
 * `read:client_keys` lead to every scope (ADR 0027). Concerns only the Management API: scopes of other APIs are granted
 * as on Auth0. Scopes without effect are no right: they count neither for the caller nor for the client.
 */
import type { ResourceServerRecord } from '../../ports/directory/access.js';
import type { ClientRecord } from '../../ports/directory/clients.js';
import { managementAudience } from './audience.js';
import type { ManagementDeps } from './deps.js';
import { ManagementError, notSupported } from './errors.js';
import type { Call } from './operation.js';
import { SCOPES_WITHOUT_EFFECT } from './scopes.js';

const OPENS_NOTHING: ReadonlySet<string> = new Set(SCOPES_WITHOUT_EFFECT);

/** Returns those of `scopes` that open something and that the caller lacks. */
function findLacked({ caller }: Pick<Call, 'caller'>, scopes: readonly string[]): readonly string[] {
  return scopes.filter((scope) => !caller.scopes.has(scope) && !OPENS_NOTHING.has(scope));
}

/** Returns those of `clientIds` that are granted a scope of the Management API which the caller lacks. */
export async function findStronger(
  deps: Pick<ManagementDeps, 'origin'>,
  call: Pick<Call, 'caller' | 'directory'>,
  clientIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const granted = await call.directory.access.listGrantedScopes(clientIds, managementAudience(deps.origin));
  return new Set(
    [...granted].filter(([, scopes]) => findLacked(call, scopes).length > 0).map(([clientId]) => clientId),
  );
}

/**
 * Throws 403 when a write would let the caller get tokens of the client `clientId`, and that client has scopes which
 * the caller lacks.
 */
export async function checkNotStronger(
  deps: Pick<ManagementDeps, 'origin'>,
  call: Pick<Call, 'caller' | 'directory'>,
  clientId: string,
): Promise<void> {
  const stronger = await findStronger(deps, call, [clientId]);
  if (!stronger.has(clientId)) return;
  throw new ManagementError(
    403,
    'The client grant of this client for the Management API has scopes that your token lacks, so its secret is not yours to set. Use a token that has them all.',
    'insufficient_scope',
  );
}

/** True when a client may request tokens for itself. */
export function canBeMachine(client: Pick<ClientRecord, 'grantTypes' | 'tokenEndpointAuthMethod'>): boolean {
  return client.grantTypes.includes('client_credentials') && client.tokenEndpointAuthMethod !== 'none';
}

/** Throws 403 when `added` contains scopes of the Management API that the caller does not have. */
export function checkHeld(call: Pick<Call, 'caller'>, server: ResourceServerRecord, added: readonly string[]): void {
  // A row is a system API if it belongs to the Management API now or did at a former address of this server, to which
  // the operator may return.
  if (!server.isSystem) return;
  const beyond = findLacked(call, added);
  if (beyond.length === 0) return;
  throw new ManagementError(
    403,
    `Your token can only give scopes of the Management API that it has itself; it lacks ${beyond.slice(0, 10).join(', ')}.`,
    'insufficient_scope',
  );
}

/**
 * Throws 400 when a grant for the Management API is meant for organizations. Attack: a machine client of one
 * organization controls the tenant, since this API does not restrict a token to the organization that it names.
 */
export function checkTenantWide(
  { isSystem }: ResourceServerRecord,
  grant: { readonly organizationUsage?: string | null | undefined; readonly allowsAny?: boolean | null | undefined },
): void {
  const isOfOrganizations =
    ['allow', 'require'].includes(grant.organizationUsage ?? 'deny') || grant.allowsAny === true;
  if (!isSystem || !isOfOrganizations) return;
  throw notSupported(
    'The Management API changes the whole tenant, so its grants are for no organization: leave organization_usage and allow_any_organization out. Give a machine of one organization the scopes of an API of your own.',
  );
}
