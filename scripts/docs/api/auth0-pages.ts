/**
 * Finds the page of Auth0's own reference for an operation. Auth0 makes the addresses from the ids in its document, and
 * most ids follow from the path. The table has the others, copied from Auth0's list of pages (September 2026).
 */
import { listAuth0Operations } from '../../../src/management/api/validation.js';
import { ORGANIZATION_CLIENTS } from '../../../src/management/organizations/client-requests.js';

const AUTH0S: ReadonlySet<string> = new Set([
  ...listAuth0Operations().map(({ method, path }) => `${method} ${path}`),
  // Auth0's reference has these; the copy of its document is older.
  ...Object.keys(ORGANIZATION_CLIENTS),
]);

/** True for an operation (`get /clients`) that Auth0 has too. */
export const isAuth0Operation = (key: string): boolean => AUTH0S.has(key);

const BASE = 'https://auth0.com/docs/api/management/v2';

/** Last part of the address of Auth0's page, for operations whose path does not give it. */
const OTHER: Readonly<Record<string, string>> = {
  'get /organizations/{id}/clients': 'get-organization-clients',
  'post /organizations/{id}/clients': 'post-organization-clients',
  'delete /organizations/{id}/clients': 'delete-organization-clients',
  'get /organizations/{id}/clients/{client_id}': 'get-organization-client',
  'patch /organizations/{id}/clients/{client_id}': 'patch-organization-client',
  'get /organizations/{id}/connections': 'get-organization-connections',
  'post /organizations/{id}/connections': 'post-organization-connection',
  'get /organizations/{id}/connections/{connection_id}': 'get-organization-connection',
  'patch /organizations/{id}/connections/{connection_id}': 'patch-organization-connection',
  'delete /organizations/{id}/connections/{connection_id}': 'delete-organization-connection',
  'get /organizations/{id}/members': 'get-organization-members',
  'get /organizations/{id}/members/{user_id}/roles': 'get-organization-member-roles',
  'get /organizations/{id}/members/{user_id}/effective-roles': 'get-organization-member-effective-roles',
  'post /organizations/{id}/members/{user_id}/roles': 'post-organization-member-roles',
  'delete /organizations/{id}/members/{user_id}/roles': 'delete-organization-member-roles',
  'get /organizations/{id}/client-grants': 'get-organization-client-grants',
  'post /organizations/{id}/client-grants': 'create-organization-client-grants',
  'get /users/{id}/organizations': 'get-user-organizations',
  'get /users/{id}/effective-permissions': 'get-user-effective-permissions',
  'get /users/{id}/effective-permissions/sources/effective-roles': 'get-user-effective-permission-role-sources',
  'get /users/{id}/effective-roles': 'get-user-effective-roles',
  'get /users/{id}/roles': 'get-user-roles',
  'post /users/{id}/roles': 'post-user-roles',
  'delete /users/{id}/roles': 'delete-user-roles',
  'get /users/{id}/logs': 'get-logs-by-user',
  'get /users/{user_id}/sessions': 'get-sessions-for-user',
  'delete /users/{user_id}/sessions': 'delete-sessions-for-user',
  'get /users/{user_id}/refresh-tokens': 'get-refresh-tokens-for-user',
  'delete /users/{user_id}/refresh-tokens': 'delete-refresh-tokens-for-user',
  'delete /users/{id}/identities/{provider}/{user_id}': 'delete-user-identity-by-user-id',
  'get /connections/{id}/clients': 'get-connection-clients',
  'get /connections/{id}/scim-configuration/tokens': 'get-scim-tokens',
  'post /connections/{id}/scim-configuration/tokens': 'post-scim-token',
  'get /roles/{id}/permissions': 'get-role-permission',
  'post /roles/{id}/permissions': 'post-role-permission-assignment',
  'delete /roles/{id}/permissions': 'delete-role-permission-assignment',
  'get /roles/{id}/users': 'get-role-user',
  'post /roles/{id}/users': 'post-role-users',
  'get /sessions/{id}': 'get-session',
  'delete /sessions/{id}': 'delete-session',
  'post /sessions/{id}/revoke': 'revoke-session',
  'post /refresh-tokens/revoke': 'revoke-refresh-tokens',
  'get /refresh-tokens/{id}': 'get-refresh-token',
  'delete /refresh-tokens/{id}': 'delete-refresh-token',
  'get /keys/signing': 'get-signing-keys',
  'get /keys/signing/{kid}': 'get-signing-key',
  'post /keys/signing/rotate': 'post-signing-keys',
  'put /keys/signing/{kid}/revoke': 'put-signing-keys',
  'get /tenants/settings': 'tenant-settings-route',
  'post /custom-domains/{id}/test': 'post-test-domain',
  'post /branding/themes': 'post-branding-theme',
  'get /branding/themes/default': 'get-default-branding-theme',
  'get /branding/themes/{themeId}': 'get-branding-theme',
  'patch /branding/themes/{themeId}': 'patch-branding-theme',
  'delete /branding/themes/{themeId}': 'delete-branding-theme',
  'get /client-grants/{id}': 'get-client-grant',
  'get /client-grants/{id}/organizations': 'get-client-grant-organizations',
  'post /actions/actions': 'post-action',
  'get /actions/actions/{id}': 'get-action',
  'patch /actions/actions/{id}': 'patch-action',
  'delete /actions/actions/{id}': 'delete-action',
  'post /actions/actions/{id}/deploy': 'post-deploy-action',
  'post /actions/actions/{id}/test': 'post-test-action',
  'get /actions/actions/{actionId}/versions': 'get-action-versions',
  'get /actions/actions/{actionId}/versions/{id}': 'get-action-version',
  'post /actions/actions/{actionId}/versions/{id}/deploy': 'post-deploy-draft-version',
  'get /actions/executions/{id}': 'get-execution',
  'get /actions/modules': 'get-action-modules',
  'post /actions/modules': 'post-action-module',
  'get /actions/modules/{id}': 'get-action-module',
  'patch /actions/modules/{id}': 'patch-action-module',
  'delete /actions/modules/{id}': 'delete-action-module',
  'get /actions/modules/{id}/actions': 'get-action-module-actions',
  'post /actions/modules/{id}/rollback': 'post-action-module-rollback',
  'get /actions/modules/{id}/versions': 'get-action-module-versions',
  'post /actions/modules/{id}/versions': 'post-action-module-version',
  'get /actions/modules/{id}/versions/{versionId}': 'get-action-module-version',
};

/** Operations in {@link OTHER}, for a test. */
export const NAMED_OPERATIONS: readonly string[] = Object.keys(OTHER);

const toKebab = (word: string): string =>
  word
    .replaceAll(/[{}]/g, '')
    .replaceAll('_', '-')
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase();

/** Returns the id that Auth0 usually gives: the method, the last word of the path, and the parameter after it. */
function toUsualName(method: string, words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  const noun = words.findLast((word) => !word.startsWith('{')) ?? '';
  return `${method}-${toKebab(noun)}${last.startsWith('{') ? `-by-${toKebab(last)}` : ''}`;
}

/** Returns the address of Auth0's page; undefined for an operation that Auth0 does not have. */
export function findAuth0Page(key: string): string | undefined {
  if (!isAuth0Operation(key)) return undefined;
  const [method = '', path = ''] = key.split(' ');
  const words = path.split('/').slice(1);
  return `${BASE}/${words[0]}/${OTHER[key] ?? toUsualName(method, words)}`;
}
