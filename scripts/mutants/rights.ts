// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in who is permitted what: roles, permissions, and how they come into tokens. */
import { type Mutant, mutantsOf } from './mutant.js';

const PERMISSIONS = 'test/management/permissions.test.ts';
const RECREATED = 'test/scenarios/recreated-account.test.ts';

export const RIGHT_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/management/roles/permissions.ts',
    ['a permission that its API does not have', 'if (!api.scopes.some(', 'if (false && !api.scopes.some(', PERMISSIONS],
    ['a permission of the Management API is given to a person', 'if (api.isSystem)', 'if (false)', PERMISSIONS],
  ),
  ...mutantsOf('src/management/roles/holders.ts', [
    'holders of a role are read with half of the scopes',
    "(scopes.has('read:users') && scopes.has('read:roles'))",
    "(scopes.has('read:users') || scopes.has('read:roles'))",
    PERMISSIONS,
  ]),
  ...mutantsOf('src/storage/directory/access.ts', [
    'a permission is given while its scope is being taken away',
    '.forShare()',
    '',
    PERMISSIONS,
  ]),
  ...mutantsOf('src/storage/directory/access.ts', [
    'a scope that its API lost stays with roles and people',
    'await dropPermissionsExcept(db, id, kept);',
    '',
    PERMISSIONS,
  ]),
  ...mutantsOf('src/storage/directory/permissions.ts', [
    "another API's permission of that name is dropped",
    'where resource_server_id = ${apiId} and permission <> all',
    'where permission <> all',
    PERMISSIONS,
  ]),
  ...mutantsOf('src/storage/directory/moved-identities.ts', [
    'roles in the tenant are lost with an account that was taken in',
    "'user_roles', ${rowsOf('user_roles')}, ",
    '',
    RECREATED,
  ]),
];
