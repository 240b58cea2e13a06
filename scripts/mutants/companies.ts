/**
 * Faults at providers that serve many companies at one address: to which company a token belongs, and who vouches for
 * an address.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const ENTRA = 'test/connectors/entra-attacks.test.ts';
const GOOGLE = 'test/connectors/google-attacks.test.ts';
const VOUCHED = 'test/login/who-vouched.test.ts';
const RULES = 'test/login/linking-rules.test.ts';
const ADDRESS = 'test/domain/vouched-address.test.ts';
const STRATEGIES = 'test/management/connection-strategies.test.ts';
const MANY = 'test/scenarios/20-many-tenants.test.ts';

/** Test of a company whose connection was disabled (linking rule, part 8). */
const CUT_OFF = 'test/attacks/company-without-organization.test.ts';
const CONNECTIONS = 'test/management/connections.test.ts';

export const COMPANY_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/storage/directory/organizations/enablements.ts',
    [
      'a connection that forgets that it served an organization',
      'if (settings.isEnabled) await rememberServing(db, connectionId);',
      '',
      CUT_OFF,
    ],
    [
      'a connection that is switched on later and forgets it',
      'if (changes.isEnabled) await rememberServing(db, connectionId);',
      '',
      CONNECTIONS,
    ],
  ),
  ...mutantsOf('src/storage/login-store/target.ts', [
    'former members of a company that was cut off',
    'n.needs_organization or n.managed',
    'n.managed',
    CUT_OFF,
  ]),
  ...mutantsOf('src/storage/tokens/statements.ts', [
    'tokens of a connection whose organization was cut off',
    'and not k.needs_organization',
    '',
    CUT_OFF,
  ]),
  ...mutantsOf('src/storage/login-store/commit-parts.ts', [
    'a login without an organization that began before the connection served one',
    '(select needs_organization or managed_by',
    '(select managed_by',
    'test/storage/login-store.test.ts',
  ]),
  ...mutantsOf('src/management/connections/connection-need.ts', [
    'a word of the operator that opens the connection on the day of the cut',
    'if (!(await',
    'if (true || !(await',
    CONNECTIONS,
  ]),
  ...mutantsOf(
    'src/domain/companies/foreign-company.ts',
    [
      'a tenant id that is a piece of an address',
      'if (!isEntraId(tid)) return',
      "if (typeof tid !== 'string') return",
      ENTRA,
    ],
    [
      "a tenant that names another's id",
      'if (iss !== issuer)\n    return',
      'if (iss === undefined)\n    return',
      ENTRA,
    ],
    ['people of every tenant', 'if (isAllowedTenant(entra, tid)) return', 'if (tid.length > 0) return', ENTRA],
    [
      'an account of no company',
      "if (typeof hd !== 'string' || hd === '')\n    return { claim: 'hd', detail: 'the account belongs to no Google Workspace (hd is missing)' };",
      "if (typeof hd !== 'string' || hd === '') return undefined;",
      GOOGLE,
    ],
    ["another company's account", 'if (domains.includes(hd)) return', 'if (domains.length > 0) return', GOOGLE],
    [
      'a company whose name ends alike',
      'if (domains.includes(hd)) return',
      'if (domains.some((one) => hd.endsWith(one))) return',
      GOOGLE,
    ],
  ),
  ...mutantsOf('src/login/explain.ts', [
    "an explanation that lets another company's person in",
    'const foreign = findForeignClaim(connection, claims);',
    'const foreign = findForeignClaim(connection, {});',
    'test/scenarios/explain-of-another-company.test.ts',
  ]),
  ...mutantsOf(
    'src/connectors/oidc/entra.ts',
    [
      'an object id that is an address',
      'return isEntraId(oid) ? { issuer, subject: oid }',
      "return typeof oid === 'string' ? { issuer, subject: oid }",
      ENTRA,
    ],
    [
      'a sign-in at a tenant known by its domain',
      "...(kind === 'named' && {",
      "...(kind === 'one' && kind !== kind && {",
      ENTRA,
    ],
    [
      "a key of personal accounts signs for a company's tenant",
      'isKeyIssuer: (keyIssuer, issuer) => isEntraKeyIssuer(entra, keyIssuer, issuer)',
      'isKeyIssuer: () => true',
      ENTRA,
    ],
    [
      'an answer of anybody taken for one of a tenant',
      'isAnswerIssuer: (issuer) => tenantOfIssuer(entra, issuer) !== undefined',
      "isAnswerIssuer: (issuer) => issuer !== ''",
      ENTRA,
    ],
  ),
  ...mutantsOf(
    'src/domain/companies/entra.ts',
    [
      'personal accounts unasked',
      'tenantId !== PERSONAL_ACCOUNTS : tenants.allowed.has(tenantId)',
      'true : tenants.allowed.has(tenantId)',
      ENTRA,
    ],
    [
      'tenants that are not listed',
      'tenantId !== PERSONAL_ACCOUNTS : tenants.allowed.has(tenantId)',
      'tenantId !== PERSONAL_ACCOUNTS : true',
      ENTRA,
      VOUCHED,
    ],
    [
      "a template that is not Entra's",
      "issuer === entraIssuer(entra, '{tenantid}')",
      "issuer.includes('{tenantid}')",
      ENTRA,
    ],
    [
      'an issuer of another cloud',
      'return isEntraId(id) && issuer === entraIssuer(entra, id) ? id',
      'return isEntraId(id) ? id',
      STRATEGIES,
      ENTRA,
      'test/domain/entra.test.ts',
    ],
    ['a cloud that is an address', 'if (host === undefined) return', "if (host === '') return", ENTRA],
  ),
  ...mutantsOf('src/connectors/oidc/settings.ts', [
    'options of oidc read for a fixed provider',
    'return { client_id, client_secret, upstream_params };',
    'return { ...options, client_id, client_secret, upstream_params };',
    ENTRA,
  ]),
  ...mutantsOf('src/connectors/oidc/connector.ts', [
    'an upstream parameter in the place of hd',
    '  Object.assign(parameters, settings.dialect.parameters);',
    '  Object.assign(parameters, { ...settings.dialect.parameters, ...settings.upstream.fixed });',
    GOOGLE,
  ]),
  ...mutantsOf(
    'src/domain/people/vouched-address.ts',
    [
      "Entra's address vouched for by email_verified",
      "if (dialectOf(strategy) === 'entra') return",
      "if (dialectOf(strategy) === 'entra' && claims.email_verified !== true) return",
      ADDRESS,
      ENTRA,
    ],
    [
      'xms_edov that says no',
      "[true, 1, '1', 'true'].some((value) => value === claims.xms_edov)",
      'claims.xms_edov !== undefined',
      ADDRESS,
      ENTRA,
    ],
  ),
  ...mutantsOf(
    'src/domain/companies/idp-destination.ts',
    [
      "a proved domain vouches for every tenant's word",
      'provedDomains.includes(domain) && !servesManyCompanies(connection);',
      'provedDomains.includes(domain);',
      VOUCHED,
      MANY,
    ],
    [
      'domain compared by its end',
      'provedDomains.includes(domain) &&',
      'provedDomains.some((one) => domain.endsWith(one)) &&',
      RULES,
    ],
  ),
  ...mutantsOf(
    'src/login/former-issuers.ts',
    [
      "another tenant is this one's former issuer",
      'return !servesManyCompanies(connection) || !acceptsIssuer(connection, issuer);',
      'return issuer !== connection.id;',
      VOUCHED,
      MANY,
    ],
    ['a former issuer of many tenants passed over', '|| !acceptsIssuer(connection, issuer);', ';', VOUCHED],
  ),
  ...mutantsOf('src/management/connections/one-person.ts', [
    'a subject of any tenant is expected',
    'if (!servesManyCompanies(connection)) return;',
    "if (connection.strategy !== 'auth0') return;",
    STRATEGIES,
    MANY,
  ]),
  ...mutantsOf('src/management/connections/connection-tenant.ts', [
    'a pinned tenant is lost with the next update',
    'return isKept ? { ...options, tenantId } : options;',
    'return isKept ? { ...options } : options;',
    STRATEGIES,
  ]),
  ...mutantsOf(
    'src/management/connections/strategy-options.ts',
    [
      'an option that weakens a sign-in is stored',
      'if (found !== undefined) throw',
      "if (found?.name === '') throw",
      STRATEGIES,
    ],
    ['an address for a fixed provider is stored', 'if (address !== undefined)\n', "if (address === '')\n", STRATEGIES],
  ),
  ...mutantsOf('src/management/scim/scim-configurations.ts', [
    'SCIM for many tenants',
    'if (servesManyCompanies(connection))',
    "if (connection.strategy === 'auth0')",
    STRATEGIES,
  ]),
];
