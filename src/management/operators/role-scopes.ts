/**
 * The scopes of the Management API that the operators' roles permit. Every start writes the database's rows
 * (`role_permissions`) from these tables.
 */
import type { OperatorRole } from '../../domain/operator-role.js';
import { ROLES_SCOPE } from '../additions.js';
import { MANAGEMENT_SCOPES, POWERS } from '../api/scopes.js';

/** Scopes for reading a secret, or a link that works like one. Its reader could do more than read. */
const READS_SECRETS: ReadonlySet<string> = new Set([
  'read:client_keys',
  'read:client_credentials',
  'read:connections_keys',
  'read:organization_invitations',
  'read:user_idp_tokens',
  'read:scim_token',
  'read:federated_connections_tokens',
  'read:flows_vault_connections',
  'read:encryption_keys',
  'read:custom_signing_keys',
]);

const VIEWER = POWERS.filter(
  (scope) => scope === ROLES_SCOPE || (scope.startsWith('read:') && !READS_SECRETS.has(scope)),
);

/**
 * The role "support": reads, invites, blocks people, lifts blocks and the limits of login attempts, removes a person's
 * second factors, and explains logins.
 */
const SUPPORT = [
  ...VIEWER,
  'read:organization_invitations',
  'create:organization_invitations',
  'delete:organization_invitations',
  'update:users_blocked',
  'delete:anomaly_blocks',
  'delete:authentication_methods',
];

/** The scopes of each operator role. */
export const OPERATOR_POWERS: Readonly<Record<OperatorRole, readonly string[]>> = {
  owner: MANAGEMENT_SCOPES,
  support: [...SUPPORT].sort(),
  viewer: VIEWER,
};
