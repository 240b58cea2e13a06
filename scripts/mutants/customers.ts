// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the rules for connections that a customer's administrator made (ADR 0102). */
import { type Mutant, mutantsOf } from './mutant.js';

const PURE = 'test/login/managed-connection.test.ts';
const TRUST = 'test/attacks/managed-connection-trust.test.ts';
const SAML = 'test/attacks/managed-connection-saml.test.ts';
const NETWORKS = 'test/attacks/managed-connection-networks.test.ts';
const CHECK = 'test/my-organization/idp-check.test.ts';
const ISSUER = 'test/scenarios/issuer-changed.test.ts';

const RULES: readonly Mutant[] = [
  ...mutantsOf(
    'src/login/vouching.ts',
    ["a customer's provider verifies any address", ' && !byCustomer;', ';', PURE, TRUST],
    [
      "a customer's provider is believed about everybody",
      'return organization !== undefined && assertedBy === organization.id;',
      'return true;',
      PURE,
    ],
  ),
  ...mutantsOf('src/login/linking-rules.ts', [
    "a typed password lends a voucher to a customer's provider",
    '(addressProved(ground) && !byCustomer',
    '(addressProved(ground)',
    PURE,
  ]),
  ...mutantsOf(
    'src/login/linking-rules.ts',
    [
      'a subject of before the change of the provider counts',
      'candidates.bound && again !== undefined',
      'false && candidates.bound && again !== undefined',
      PURE,
    ],
    ['a subject that was expected before the change counts', 'if (expected.provesAgain) {', 'if (false) {', PURE],
    [
      'the address of somebody who left is shown',
      'if (stored === undefined || !isNamed)',
      'if (stored === undefined)',
      PURE,
    ],
    [
      'a proof of another mailbox binds the subject again',
      '!proves(ownProof, stored, userId)) return ask(ground, stored',
      'false) return ask(ground, stored',
      PURE,
    ],
  ),
  ...mutantsOf(
    'src/login/silent.ts',
    [
      'another address is bound again without a question',
      'vouching.email === undefined || vouching.email !== candidate.account.email',
      'vouching.email === undefined',
      PURE,
    ],
    ['without a proved domain too', 'return vouching.byDomain && isOurs', 'return isOurs', PURE],
  ),
  ...mutantsOf(
    'src/login/4-admit.ts',
    ["a customer's auto-membership lets strangers in", 'if (!believesClaims(resolved)) {', 'if (false) {', PURE],
    ['and its domain is not checked at the commit', "if (rule !== 'auto' ||", 'if (true ||', PURE],
  ),
  ...mutantsOf('src/login/company-factor.ts', [
    "a customer's provider says what second factor it likes",
    'if (!believesClaims(resolved)) return false;',
    '',
    PURE,
  ]),
  ...mutantsOf('src/login/home-realm.ts', [
    'people are sent to a customer that lost the domain',
    '(organization === undefined || speaksFor(item, domain)) &&',
    '',
    PURE,
  ]),
  ...mutantsOf('src/login/3-resolve.ts', [
    'the picker takes what the former provider said',
    "found.candidate.provesAgain !== undefined && by === 'known'",
    'false',
    PURE,
  ]),
];

const STORED: readonly Mutant[] = [
  ...mutantsOf('src/storage/login-store/domain-proved.ts', [
    "an operator's word proves a domain for a customer's connection",
    "is null or ${domain}.proof = 'dns' and",
    'is null or',
    TRUST,
  ]),
  ...mutantsOf('src/storage/login-store/target.ts', [
    "people of a customer's connection come in without an organization",
    'n.managed_by_organization is not null or exists',
    'exists',
    TRUST,
  ]),
  ...mutantsOf('src/storage/directory/people/former-identities.ts', [
    'a change of the provider ends no trust',
    'set prove_again = true',
    'set prove_again = prove_again',
    TRUST,
    SAML,
  ]),
  ...mutantsOf('src/storage/login-store/target.ts', [
    "a partner's provider speaks for the company's domain",
    ' and d.domain = any (n.domain_aliases)))',
    '))',
    TRUST,
  ]),
  ...mutantsOf('src/storage/login-store/target.ts', [
    'everybody is led to a provider that is only tried',
    "(n.managed_by_organization is null or oc.show_as_button or oc.sso_rollout = 'required')",
    'true',
    TRUST,
  ]),
  ...mutantsOf('src/storage/directory/people/former-identities.ts', [
    'sessions of the former provider go on',
    'await endAccessOf(db, connectionId);\n      return',
    'return',
    TRUST,
  ]),
  ...mutantsOf('src/storage/directory/people/end-access.ts', [
    'refresh tokens of the former provider go on',
    'await endTokens(db, REMOVE_OF, [connectionId]);',
    '',
    TRUST,
  ]),
  ...mutantsOf('src/management/enabled-connections/operations.ts', [
    'sessions of a detached provider wait for its return',
    'if (connection?.managedByOrganization !== undefined) await',
    'if (false) await',
    TRUST,
  ]),
  ...mutantsOf('src/storage/directory/people/former-identities.ts', [
    'people whom an operator assigned prove the account all the same',
    'prove_again = false,',
    'prove_again = i.prove_again,',
    ISSUER,
  ]),
  ...mutantsOf('src/storage/login-store/named-connections.ts', [
    'a customer hides the provider of another, which signs nobody out any more',
    'order by n.turn, n.id limit 10',
    'order by n.id limit 10',
    SAML,
  ]),
  ...mutantsOf(
    'src/management/my-organization/idp-check.ts',
    ["an operator's provider says what it answered", "level === 'full'", 'true', CHECK],
    ['former settings are said to be wrong', 'at > (own.get(connectionId) ?? at)', 'true', CHECK],
  ),
  ...mutantsOf(
    'src/storage/directory/organizations/my-organization.ts',
    [
      'a failure is told after a sign-in that worked',
      "(n.type = 's' or n.details ? 'code')",
      "n.details ? 'code'",
      CHECK,
    ],
    ['a failure is told for ever', 'and l.log_id >= $2::text order', 'and $2::text is not null order', CHECK],
  ),
  ...mutantsOf(
    'src/domain/companies/idp-destination.ts',
    ['another client is no other provider', "['client_id', 'user_id_attribute',", "['user_id_attribute',", TRUST],
    ["another attribute as SAML's subject keeps the trust", 'mappedSubjectOf(options),', 'null,', SAML],
  ),
  ...mutantsOf(
    'src/management/connections/connection-of-customer.ts',
    [
      "another organization uses a customer's connection",
      'if (maker === undefined || maker === organizationId) return;',
      'return;',
      TRUST,
    ],
    ['applications use it outside organizations', 'if (asks) throw notOutside();', '', TRUST],
    [
      'an application is enabled for it',
      'if (enables && managedByOrganization !== undefined) throw',
      'if (false) throw',
      TRUST,
    ],
    [
      'a connection of others becomes a customer’s',
      'users.every((id) => id === organizationId) && clients.length === 0',
      'true',
      TRUST,
    ],
    [
      'every member opens a connection without a domain',
      'if (call.caller.membershipRequired) return;',
      'return;',
      TRUST,
    ],
    [
      'auto-membership without a proved domain',
      'connection.domainAliases.some((domain) => proved.includes(domain))',
      'true',
      TRUST,
    ],
    [
      'another certificate keeps the trust',
      'after.options === undefined || !isOtherProvider(before.options, after.options)',
      'true',
      SAML,
    ],
  ),
  ...mutantsOf(
    'src/http/setup/step-try.ts',
    [
      "a customer's settings are tried with the operator's networks",
      'managedByOrganization: connection.managedByOrganization,',
      '',
      NETWORKS,
    ],
    [
      "the try of a customer's settings counts an operator's word",
      'isCustomers ? routed.filter((domain) => byDns.includes(domain)) : routed',
      'routed',
      TRUST,
    ],
  ),
  ...mutantsOf(
    'src/compose/connectors.ts',
    [
      "a customer's connection reaches the operator's networks",
      'managedByOrganization === undefined ? ours : theirs',
      'ours',
      NETWORKS,
    ],
    [
      "SAML metadata inside is fetched for a customer's provider",
      'const saml = byMaker(samlOf);',
      'const saml = byMaker(() => samlOf({}));',
      NETWORKS,
    ],
  ),
];

const AT_ONCE: readonly Mutant[] = [
  ...mutantsOf('src/storage/directory/organizations/members.ts', [
    'a directory blocks whom another customer takes in at the same moment',
    'order by user_id for share`',
    'order by user_id`',
    'test/attacks/directory-of-a-customer.test.ts',
  ]),
  ...mutantsOf('src/storage/directory/organizations/my-organization.ts', [
    'people are deleted whom another customer takes in at the same moment',
    'order by user_id for no key update`',
    'order by user_id`',
    'test/attacks/my-organization-providers.test.ts',
  ]),
];

export const CUSTOMER_MUTANTS: readonly Mutant[] = [...RULES, ...STORED, ...AT_ONCE];
