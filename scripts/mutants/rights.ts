// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in rights: roles, permissions, and the way in which they get into tokens. */
import { type Mutant, mutantsOf } from './mutant.js';

const SYSTEM_API = 'test/management/system-api.test.ts';
const PERMISSIONS = 'test/management/permissions.test.ts';
const SESSIONS = 'test/scenarios/sessions-by-api.test.ts';
const GRANTS = 'test/management/client-grants.test.ts';
const REQUESTED = 'test/oauth/requested-api.test.ts';
const TOKENS = 'test/oauth/permissions.test.ts';
const MACHINES = 'test/oauth/client-credentials.test.ts';
const ISSUER = 'test/tokens/token-issuer.test.ts';
const SHOWN = 'test/shown-config.test.ts';
const RECREATED = 'test/scenarios/recreated-account.test.ts';

const CLOSED = 'test/oauth/closed-settings.test.ts';
const IN_A_BODY = 'test/attacks/power-in-a-body.test.ts';
const BACK_DOOR = 'test/attacks/operator-by-the-back-door.test.ts';
const SCOPES = 'test/management/scopes.test.ts';
const OF_ONE = 'test/attacks/machine-of-one-organization.test.ts';

export const RIGHT_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/management/bootstrap.ts',
    [
      'an API that somebody registered becomes the Management API',
      'if (existing?.isSystem === false)',
      'if (false)',
      SYSTEM_API,
    ],
    [
      'another address leaves the Management API of the one before',
      'if (former !== undefined) await',
      'if (false) await',
      SYSTEM_API,
    ],
  ),
  ...mutantsOf(
    'src/management/api/property-scopes.ts',
    [
      'an invitation gives roles',
      "{ properties: ['roles'], scopes: ['create:organization_member_roles'] },",
      '',
      IN_A_BODY,
    ],
    [
      'a set-up link makes a connection',
      "{ properties: ['connection_config'], scopes: ['create:connections'] },",
      '',
      IN_A_BODY,
    ],
    [
      'an import changes users',
      "'post /jobs/users-imports': { named: [{ properties: ['upsert'], scopes: ['update:users'] }] },",
      '',
      SCOPES,
    ],
  ),
  ...mutantsOf('src/management/clients/clients.ts', [
    'an owner shuts all operators out of the console',
    'await checkConsoleStays(call',
    'if (false) await checkConsoleStays(call',
    BACK_DOOR,
  ]),
  ...mutantsOf('src/management/self-service/tickets.ts', [
    'a set-up link makes tokens of SCIM',
    'if (config.provisioning && !call.caller',
    'if (false && !call.caller',
    IN_A_BODY,
  ]),
  ...mutantsOf('src/management/client-grants/client-grants.ts', [
    'an application of their own leads operators in',
    "if (api.isSystem && body.subject_type === 'user')",
    'if (false)',
    BACK_DOOR,
  ]),
  ...mutantsOf(
    'src/management/resource-servers/system-api.ts',
    ['the Management API takes any setting', 'if (!isSystem) return;', 'return;', SYSTEM_API],
    ['its tokens expire at once', 'seconds >= least &&', '', SYSTEM_API],
    ['its tokens last for weeks', ' && seconds <= most', '', SYSTEM_API],
  ),
  ...mutantsOf(
    'src/management/api/stronger-clients.ts',
    ['a grant of one organization for the Management API', 'if (!isSystem || !isOfOrganizations)', 'if (true)', OF_ONE],
    ['a grant of any organization for the Management API', ' || grant.allowsAny === true', '', OF_ONE],
  ),
  ...mutantsOf('src/management/client-grants/organization-grants.ts', [
    'a grant for the Management API is given to an organization',
    'if (api !== undefined)',
    'if (false && api !== undefined)',
    OF_ONE,
  ]),
  ...mutantsOf('src/management/api/plugin.ts', [
    'the Management API ignores the organization of a machine',
    'if (isMachine) checkTenantWideToken(bearer);',
    '',
    OF_ONE,
  ]),
  ...mutantsOf('src/http/oauth/grant-client-credentials.ts', [
    'a machine gets a token of an organization for the Management API',
    'if (isOfOne && to.audience',
    'if (false && to.audience',
    OF_ONE,
  ]),
  ...mutantsOf('src/http/oauth/grant-authorization-code.ts', [
    'a code for a callback that was removed',
    'if (!client.callbacks.includes(grant.redirectUri))',
    'if (false)',
    CLOSED,
  ]),
  ...mutantsOf('src/http/oauth/issue-tokens.ts', [
    'a token that is too long uses up its code',
    'if (unsigned.characters > MAX_ACCESS_TOKEN_CHARACTERS) return',
    'if (false) return',
    TOKENS,
  ]),
  ...mutantsOf(
    'src/http/oauth/still-valid.ts',
    ['organization_usage deny is not asked again', "organizationUsage === 'deny'", 'false', CLOSED],
    ['organization_usage require is not asked again', "organizationUsage === 'require'", 'false', CLOSED],
    ['a pilot group is not asked again', 'if (!grant.openToPerson)', 'if (false)', CLOSED],
    ['an application that was removed is not asked again', 'if (!grant.applicationEntitled)', 'if (false)', CLOSED],
  ),
  ...mutantsOf('src/http/oauth/grant-refresh-token.ts', [
    'offline access that an API closed goes on',
    'if (loginAllowsOffline) return undefined;',
    'return undefined;',
    CLOSED,
  ]),
  ...mutantsOf(
    'src/storage/tokens/exchange-after-actions.ts',
    [
      'organization_usage that was closed while an Action ran',
      "and c.organization_usage <> case when g.organization_id is null then 'require' else 'deny' end",
      '',
      CLOSED,
    ],
    ['an API that was closed while an Action ran', ' and ${API_OPEN}', '', CLOSED],
    ['a pilot group that was named while an Action ran', ' and ${OPEN_TO_PERSON}', '', CLOSED],
  ),
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
  ...mutantsOf(
    'src/storage/tokens/statements.ts',
    [
      'a grant that an organization has is good for every organization',
      'where w.organization_id = o.id and w.grant_id = g.id)',
      'where w.grant_id = g.id)',
      MACHINES,
    ],
    [
      'any grant of an organization is good for every machine',
      'where w.organization_id = o.id and w.grant_id = g.id)',
      'where w.organization_id = o.id)',
      MACHINES,
    ],
  ),
  ...mutantsOf('src/management/sessions/sessions.ts', [
    'a token that may end refresh tokens ends sessions',
    "if (!call.caller.scopes.has('delete:sessions'))",
    'if (false)',
    PERMISSIONS,
  ]),
  ...mutantsOf(
    'src/storage/directory/tenant/sessions.ts',
    ['a revoked family is listed by its last token', 'and not f.revoked and', 'and', SESSIONS],
    [
      'a code outlives the session that was revoked',
      'await sql`delete from authorization_codes where ${of} and used_at is null`.execute(db);',
      '',
      SESSIONS,
    ],
    [
      'refresh tokens outlive the session that was revoked',
      'if (userId !== undefined) await endTokens(',
      'if (userId === undefined) await endTokens(',
      SESSIONS,
    ],
  ),
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
  ...mutantsOf('src/storage/directory/organizations/permissions.ts', [
    "another API's permission of that name is dropped",
    'where resource_server_id = ${apiId} and permission <> all',
    'where permission <> all',
    PERMISSIONS,
  ]),
  ...mutantsOf(
    'src/storage/tokens/permitted.ts',
    [
      'a role in the whole tenant counts in an organization',
      'from user_roles h where g.organization_id is null and h.user_id',
      'from user_roles h where h.user_id',
      TOKENS,
    ],
    [
      "a person's permissions in the whole tenant count in an organization",
      'where g.organization_id is null and p.user_id',
      'where p.user_id',
      TOKENS,
    ],
    [
      'a role in another organization counts',
      'where h.organization_id = g.organization_id and h.user_id',
      'where h.user_id',
      TOKENS,
    ],
    [
      "permissions of another API's scopes count",
      'and p.resource_server_id = a.id\n    order by',
      '\n    order by',
      TOKENS,
    ],
  ),
  ...mutantsOf(
    'src/http/oauth/issue-tokens.ts',
    ['asking for a scope is enough', ' && permitted?.includes(scope) !== false', '', TOKENS],
    [
      'the claim has what the API does not know',
      '(name) => api.scopes.has(name) && isGranted(grant, name)',
      '(name) => isGranted(grant, name)',
      TOKENS,
    ],
  ),
  ...mutantsOf(
    'src/http/oauth/issue-tokens.ts',
    [
      'an application without a client grant has tokens of people',
      "if (api.userPolicy === 'require_client_grant' && clientScopes === undefined)",
      'if (false)',
      TOKENS,
    ],
    ['an API that is closed gives tokens of people', "if (api.userPolicy === 'deny_all')", 'if (false)', TOKENS],
    ['a client grant is no ceiling', 'clientScopes?.includes(scope) === true', 'true', TOKENS],
  ),
  ...mutantsOf(
    'src/http/oauth/grant-client-credentials.ts',
    ['an API that is closed gives tokens to machines', "if (api.clientPolicy === 'deny_all')", 'if (false)', TOKENS],
    [
      'a machine has a scope that its API gave up',
      'kept.filter((scope) => known.has(scope))',
      'kept.filter((scope) => known.size >= 0 || scope)',
      'test/attacks/scope-for-the-asking.test.ts',
    ],
  ),
  ...mutantsOf('src/storage/tokens/permitted.ts', [
    "a machine's grant counts for people",
    "w.audience = a.identifier and w.subject_type = 'user'",
    'w.audience = a.identifier',
    TOKENS,
  ]),
  ...mutantsOf('src/storage/tokens/statements.ts', [
    'a grant for tokens of people is a grant of a machine',
    "and g.audience = a.identifier and g.subject_type = 'client'",
    'and g.audience = a.identifier',
    TOKENS,
  ]),
  ...mutantsOf('src/management/resource-servers/resource-servers.ts', [
    'an API that shuts people out is open without a word',
    'before.id, {\n    ...toChanges(RESOURCE_SERVER_FIELDS, body),\n    ...toPolicies(body),',
    'before.id, {\n    ...toChanges(RESOURCE_SERVER_FIELDS, body),',
    GRANTS,
  ]),
  ...mutantsOf('src/management/client-grants/client-grants.ts', [
    'a grant has every scope of the Management API, later ones too',
    'if (api.isSystem && body.allow_all_scopes)',
    'if (false)',
    GRANTS,
  ]),
  ...mutantsOf('src/http/oauth/grant-refresh-token.ts', [
    'a role that was taken while an Action ran is in the token',
    'const now = await readRightsAgain(deps, found, exchange);',
    'const now = found.grant as RefreshGrant | OAuthRefusal;',
    TOKENS,
  ]),
  ...mutantsOf(
    'src/http/oauth/requested-api.ts',
    ['a refresh token opens every API', 'if (scopes === undefined) return noPolicy(wanted);', '', REQUESTED],
    [
      'a policy opens the Management API, or the factors of the person',
      'if (audience === managementAudience(origin) || audience === factorAudience(origin)) return undefined;',
      '',
      REQUESTED,
    ],
    [
      'a policy adds scopes of OpenID Connect that the login did not ask for',
      '.filter((one) => !OPENID_SCOPES.has(one))',
      '',
      REQUESTED,
    ],
    [
      'the policy of one API opens another one',
      'policies.filter((policy) => policy.audience === audience)',
      'policies',
      REQUESTED,
    ],
    [
      'a policy gives tokens of an API that forbids refresh tokens',
      'if (api !== undefined && !api.allowOfflineAccess)',
      'if (false)',
      REQUESTED,
    ],
    [
      "scopes of the login's API are asked of another one",
      'words(issuedFor.scope).filter((one) => OPENID_SCOPES.has(one))',
      'words(issuedFor.scope)',
      REQUESTED,
    ],
  ),
  ...mutantsOf('src/storage/tokens/exchange-after-actions.ts', [
    'refresh tokens that were turned off while an Action ran',
    ' and ${LOGIN_OFFLINE} is not false',
    '',
    REQUESTED,
  ]),
  ...mutantsOf('src/http/oauth/factors/grant-factor.ts', [
    'a factor passed for one API opens another one',
    'if (other !== undefined && other !== (requested.audience ?? `${deps.origin}/userinfo`))',
    'if (false)',
    REQUESTED,
  ]),
  ...mutantsOf('src/http/oauth/factors/require-factor.ts', [
    'the token after a factor is for another API than the person was asked for',
    'familyId, scope, audience },',
    'familyId, scope, audience: undefined },',
    REQUESTED,
  ]),
  ...mutantsOf('src/management/clients/refresh-token.ts', [
    'a policy may name the Management API',
    'if (body?.policies?.some((policy) => policy.audience === audience))',
    'if (false)',
    'test/management/settings.test.ts',
  ]),
  ...mutantsOf(
    'src/tokens/issuer.ts',
    [
      'an ID token may name an application as RFC 9068 does',
      "opened?.typ === 'at+jwt' ? claims.client_id : claims.azp",
      'claims.client_id ?? claims.azp',
      ISSUER,
    ],
    ["an access token in the form of RFC 9068 is a hint about somebody's session", "typ !== 'JWT' || ", '', ISSUER],
  ),
  ...mutantsOf(
    'src/config/shown-config.ts',
    [
      'who reads settings reads the password of the mail server',
      'return `${protocol}//${host}`;',
      'return text;',
      SHOWN,
    ],
    [
      'who reads settings reads the address of the database',
      'MAIL_FROM: config.mailFrom,',
      'MAIL_FROM: `${config.mailFrom} ${config.databaseUrl}`,',
      SHOWN,
    ],
  ),
  ...mutantsOf('src/storage/login-store/action-ground.ts', [
    'Actions are told roles in the whole tenant at a login into an organization',
    'where $2::text is null and h.user_id = $1',
    'where h.user_id = $1',
    TOKENS,
  ]),
  ...mutantsOf('src/storage/directory/people/moved-identities.ts', [
    'roles in the tenant are lost with an account that was taken in',
    "'user_roles', ${rowsOf('user_roles')}, ",
    '',
    RECREATED,
  ]),
];
