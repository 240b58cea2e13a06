/**
 * `provisioning_config` of a ticket: the SCIM tokens that the customer may create, and (an addition) the roles that the
 * customer may map to groups of their directory. Without a list of roles, they may map none.
 */
import type { SetupConfig } from '../../domain/self-service.js';
import { badBody } from '../api/errors.js';
import type { Call } from '../api/operation.js';
import { GROUP_ROLE_SCOPES, insufficientGroupScope } from '../enabled-connections/scim-group-roles.js';
import { ALL_SCIM_SCOPES, parseTokenTerms } from '../scim/scim-tokens.js';

export interface ProvisioningBody {
  readonly scopes?: readonly string[];
  readonly token_lifetime?: number | null;
  readonly google_workspace?: unknown;
  readonly assignable_roles?: readonly string[];
}

type Provisioning = Pick<SetupConfig, 'tokenScopes' | 'tokenLifetimeSeconds' | 'assignableRoles'>;

/** Returns the provisioning settings of a set-up ticket. Throws 400. */
export function toProvisioning(body: ProvisioningBody = {}): Provisioning {
  if (body.google_workspace)
    throw badBody(
      'provisioning_config.google_workspace is not available on this server: Google is not asked for its people.',
    );
  const assignableRoles = [...new Set(body.assignable_roles ?? [])];
  // Mapping roles to groups needs groups. With a token that may not send groups, the customer would see an empty list
  // of groups.
  const given = body.scopes ?? (assignableRoles.length > 0 ? ALL_SCIM_SCOPES : undefined);
  const { scopes, lifetimeSeconds } = parseTokenTerms({ ...body, ...(given && { scopes: given }) });
  return {
    ...(given && { tokenScopes: scopes }),
    ...(lifetimeSeconds !== undefined && { tokenLifetimeSeconds: lifetimeSeconds }),
    assignableRoles,
  };
}

/**
 * Checks the roles that a ticket would let its holder map to groups. Throws 403 when the caller may not do that
 * themselves, and 400 for a role that does not exist.
 */
export async function checkAssignableRoles(call: Call, names: readonly string[]): Promise<void> {
  if (names.length === 0) return;
  if (GROUP_ROLE_SCOPES.some((scope) => !call.caller.scopes.has(scope))) throw insufficientGroupScope();
  const known = await call.directory.members.findRolesByName(names);
  const unknown = names.filter((name) => !known.some((role) => role.name === name));
  if (unknown.length > 0) throw badBody(`One or more of the specified roles do not exist: ${unknown.join(', ')}`);
}
