// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the My Organization API: whose token counts, what members may give, and what they may reach. */
import { type Mutant, mutantsOf } from './mutant.js';

const DOCUMENT = 'test/my-organization/document.test.ts';
const ACCESS = 'test/my-organization/access.test.ts';
const DETAILS = 'test/my-organization/details.test.ts';
const MEMBERS = 'test/my-organization/members.test.ts';
const INVITATIONS = 'test/my-organization/invitations.test.ts';
const DOMAINS = 'test/my-organization/domains.test.ts';
const ROLES = 'test/my-organization/roles.test.ts';
const IDPS = 'test/my-organization/identity-providers.test.ts';
const IDP_ATTACKS = 'test/attacks/my-organization-providers.test.ts';
const STEERING = 'test/my-organization/profiles.test.ts';
const PROFILES = 'test/management/profiles.test.ts';
const PROVISIONING = 'test/my-organization/provisioning.test.ts';

const SERVED: readonly Mutant[] = [
  ...mutantsOf('src/management/my-organization/requests.ts', [
    'a body is taken where the document has none',
    '{ body: NOTHING, ...withNewer(key, operation) }',
    'withNewer(key, operation)',
    DOCUMENT,
  ]),
  ...mutantsOf(
    'src/http/my-organization/routes.ts',
    ['a machine acts for an organization', ' || verified.isMachine', '', ACCESS],
    ['a page of another site uses a token', '!isOriginOf(member.origins, origin)', 'false', DETAILS],
    ['a query parameter is ignored in silence', 'if (unknown !== undefined)', 'if (false)', ACCESS, MEMBERS],
  ),
  ...mutantsOf(
    'src/management/my-organization/member.ts',
    ['the grant of the application does not count', 'access.clientScopes.includes(name)', 'true', ACCESS],
    ['the roles of now do not count', 'token.scopes.filter((scope) => rights.has(scope))', 'token.scopes', ACCESS],
  ),
  ...mutantsOf(
    'src/storage/directory/organizations/my-organization.ts',
    ['a blocked member keeps their rights', '`not u.blocked and coalesce', '`coalesce', ACCESS],
    ['a way in that was closed keeps its rights', ' and e.is_enabled', '', MEMBERS, ACCESS],
    ['a blocked organization is administered', 'and not o.blocked and', 'and', ACCESS],
    [
      'logins wait for the writes of administrators',
      '"select pg_advisory_xact_lock(hashtextextended(\'my-organization \' || $1::text, 0))"',
      "'select 1 from organizations where id = $1::text for no key update'",
      MEMBERS,
    ],
    [
      'writes of two administrators run at once',
      'await runPrepared(db, HOLD_ORGANIZATION, [organizationId]);',
      '',
      DOMAINS,
    ],
  ),
  ...mutantsOf('src/management/resource-servers/organization-api.ts', [
    'a client grant alone makes an administrator',
    'if (body.enforce_policies === false)',
    'if (false)',
    ACCESS,
  ]),
];

const GIVEN: readonly Mutant[] = [
  ...mutantsOf(
    'src/management/my-organization/ceiling.ts',
    ['a member gives a role stronger than their own', 'if (!isWithin(permissions, member))', 'if (false)', MEMBERS],
    [
      'an unmarked role is given',
      'if (permissions === undefined) throw noRoleHere();',
      'if (permissions === undefined) continue;',
      MEMBERS,
    ],
    ['a weaker member removes an administrator', 'if (!isWithin(theirs, member))', 'if (false)', MEMBERS],
    ['the last administrator leaves', 'if (had && !(await has(directory)))', 'if (false)', MEMBERS],
    ['who may only invite gives roles', 'if (!rights.has(ADMINISTERS))', 'if (false)', INVITATIONS],
  ),
  ...mutantsOf('src/management/my-organization/members.ts', [
    'a member gives themselves a role',
    'if (userId === member.token.userId)',
    'if (false)',
    MEMBERS,
  ]),
  ...mutantsOf('src/storage/directory/organizations/members.ts', [
    'a customer learns when their member signs in elsewhere',
    "'users.updated_at as account_updated_at',",
    "'users.updated_at as account_updated_at', 'users.last_login_at',",
    MEMBERS,
  ]),
  ...mutantsOf(
    'src/management/my-organization/invitations.ts',
    [
      'two administrators invite one person twice',
      'if (`${await findOlder(directory, organizationId, emails)}` !== `${older}`)',
      'if (false)',
      INVITATIONS,
    ],
    [
      'an invitation names a connection that the organization does not see',
      'idpId === undefined ? undefined : await findOwn(call, directory, idpId);',
      'undefined as unknown as Awaited<ReturnType<typeof findOwn>> | undefined;',
      INVITATIONS,
    ],
    [
      'nobody learns that the provider of an invitation is switched off',
      'if (found && !found.enablement.isEnabled)',
      'if (false)',
      INVITATIONS,
    ],
    [
      'a customer mails strangers without end',
      "for (const address of emails) await countQuestion(deps.attempts, 'invitation', { organizationId, address }, at);",
      '',
      INVITATIONS,
    ],
  ),
  ...mutantsOf(
    'src/storage/login-store/invitation-json.ts',
    ['a removed inviter still gives roles', 'case when i.invited_by is null then', 'case when true then', INVITATIONS],
    ['an inviter who cannot sign in still gives roles', " and ${canSignIn('i.organization_id')}", '', INVITATIONS],
    [
      'a permission of another API counts for the ceiling',
      "'n.resource_server_id')}",
      "'p.resource_server_id')}",
      INVITATIONS,
    ],
    ['a role without its mark is given by an invitation', ' and r.assignable_by_organizations', '', INVITATIONS],
  ),
  ...mutantsOf('src/login/4-admit.ts', [
    'a member accepts a role that they gave themselves',
    'granted.invitedBy === userId',
    'false',
    'test/login/admit.test.ts',
    INVITATIONS,
  ]),
  ...mutantsOf('src/management/self-service/question-limits.ts', [
    'a customer mails one stranger without end',
    "...(address === undefined ? [] : [counterOf('address', `${organizationId} ${address}`)]),",
    '',
    INVITATIONS,
  ]),
  ...mutantsOf('src/domain/look/brand.ts', [
    'the title of an organization is a link in mails',
    'unlinked(toOneLine(shown))',
    'shown',
    'test/mail/render.test.ts',
  ]),
  ...mutantsOf(
    'src/management/my-organization/details.ts',
    [
      'an organization takes the name of another',
      'if (name !== undefined && name !== before.name)',
      'if (false)',
      ACCESS,
    ],
    ['the title of an organization reads on', '  checkTitle(displayName);\n', '', DETAILS],
  ),
  ...mutantsOf(
    'src/management/my-organization/domains.ts',
    ['a member removes what an operator confirmed', 'if (isFromOperator && ', 'if (false && ', DOMAINS],
    ['a customer claims domains without end', 'if (pending >= MOST_PENDING)', 'if (false)', DOMAINS],
    ['a customer proves names of their zone without end', 'if (all >= MOST_DOMAINS)', 'if (false)', DOMAINS],
  ),
  ...mutantsOf(
    'src/storage/directory/scim/scim-caller.ts',
    [
      'a token outlives a detach',
      '= array[c.managed_by_organization]`',
      '<@ array[c.managed_by_organization]`',
      PROVISIONING,
    ],
    [
      'a token writes people of others',
      'where o.connection_id = c.id limit 2)',
      'where o.connection_id = c.id limit 1)',
      PROVISIONING,
    ],
  ),
  ...mutantsOf('src/management/connections/connection-of-customer.ts', [
    'a token outlives the takeover by an operator',
    'if (now !== undefined && next !== now)\n    for',
    'if (false)\n    for',
    PROVISIONING,
  ]),
  ...mutantsOf(
    'src/management/my-organization/attributes.ts',
    [
      'a profile leaves the deactivation of people out',
      'toFields([...toScimFields(ALWAYS), ...fields])',
      'fields',
      'test/my-organization/attributes.test.ts',
    ],
    [
      'people of a SAML directory are others than those who sign in',
      'common === USUAL_USER_ID.scim_mapping ? usual : common',
      'common',
      'test/my-organization/attributes.test.ts',
    ],
  ),
  ...mutantsOf('src/management/my-organization/update-attributes.ts', [
    'a member has the server flood a provider',
    ', check_discovery: false',
    '',
    PROVISIONING,
  ]),
  ...mutantsOf('src/management/api/operators.ts', [
    'a role of operators is opened to customers',
    "  'patch /roles/{id}': ({ roleIds }) => Object.values(roleIds),\n",
    '',
    ROLES,
  ]),
];

const CONNECTED: readonly Mutant[] = [
  ...mutantsOf(
    'src/management/my-organization/own-connection.ts',
    [
      'a customer edits a connection that others use',
      "return level === 'full' && !(isTheirs && isAlone) ? 'limited' : level;",
      'return level;',
      IDP_ATTACKS,
    ],
    [
      'a connection without an organization is still the customer’s alone',
      'const isAlone = clients.length === 0 && ',
      'const isAlone = ',
      IDP_ATTACKS,
    ],
    [
      'what an operator hides is shown',
      "return level === 'none' ? undefined : { connection, enablement, level };",
      "return { connection, enablement, level: level === 'none' ? 'readonly' : level };",
      IDP_ATTACKS,
    ],
    ['who may only read detaches', "if (own.level === 'readonly') throw readOnly();", '', IDP_ATTACKS],
  ),
  ...mutantsOf(
    'src/management/my-organization/identity-providers.ts',
    ['people of others are deleted', 'if (people.elsewhere)', 'if (false)', IDP_ATTACKS],
    ['allow_if_empty does nothing', 'if (people.any && ', 'if (false && ', IDP_ATTACKS],
    ['another address gets the stored secret', 'if (isOther || ', 'if (', IDPS],
    [
      'the member who writes locks everybody out',
      "member.token, 'read')) === undefined)",
      "member.token, 'read')) === null)",
      IDPS,
    ],
    [
      'connections without end',
      'if ((await directory.connections.countManagedBy(organizationId)) >= MOST_OWN)',
      'if ((await listOwn({ organizationId }, directory)).length >= MOST_OWN)',
      IDP_ATTACKS,
    ],
    ['another issuer refuses people', "id === 'people_of_former_issuer'", 'id === undefined', IDPS],
    ['everybody of a shared connection is let in', 'if (wanted !== true || level', 'if (wanted || level', IDP_ATTACKS],
    [
      'auto-membership of a connection that an operator takes over meanwhile',
      'checkMembership(await findOwn(call, directory, connection.id), body);',
      '',
      IDP_ATTACKS,
    ],
    ['a strategy that no operator allowed', 'if (!strategiesFor(call).includes(strategy))', 'if (false)', IDPS],
  ),
  ...mutantsOf('src/management/my-organization/idp-domains.ts', [
    'a domain of somebody else leads to a provider',
    'if (other !== undefined)',
    'if (false)',
    IDPS,
    IDP_ATTACKS,
  ]),
  ...mutantsOf(
    'src/management/my-organization/idp-shape.ts',
    [
      'domains of other customers are shown',
      "if (level === 'full' || domainAliases",
      'if (true || domainAliases',
      IDP_ATTACKS,
    ],
    [
      'the tenant’s name of a shared connection is shown',
      'return isOwn ? connection.name',
      'return true ? connection.name',
      IDP_ATTACKS,
    ],
  ),
  ...mutantsOf(
    'src/management/connections/connection-discovery.ts',
    [
      'a connection that nobody answers for is stored',
      'if (call.caller.memberOf !== undefined) throw',
      'if (false) throw',
      IDPS,
    ],
    [
      'a member learns how metadata inside failed',
      "'The provider cannot be reached from the internet.'",
      '`cannot be reached: ${failure.detail}`',
      IDP_ATTACKS,
    ],
  ),
];

const STEERED: readonly Mutant[] = [
  ...mutantsOf(
    'src/management/my-organization/connection-profile.ts',
    ['a member sets what the operator settled', 'if (value !== settled(profile, name))', 'if (false)', STEERING],
    ['a feature that is not listed is there', 'listed.includes(feature)', 'true', STEERING],
    ["a name tells about another customer's", "template.includes('{org_id}') ? '' : `-${mark}`", "''", STEERING],
  ),
  ...mutantsOf(
    'src/management/my-organization/attributes.ts',
    ['people of one name are one person', 'user_id: [subject]', 'user_id: own ?? usual', STEERING],
    ['a claim without braces is everybody’s value', '? `\\${context.tokenset.${mapping}}`', '? mapping', STEERING],
  ),
  ...mutantsOf('src/management/my-organization/profiles.ts', [
    'a profile that is gone is no limit',
    'if (profile === undefined) throw notConfigured();',
    'if (profile === undefined) return undefined;',
    STEERING,
  ]),
  ...mutantsOf('src/management/my-organization/provisioning.ts', [
    'a directory that the operator did not allow',
    "!hasFeature(limits, strategy, 'scim')",
    'false',
    STEERING,
  ]),
  ...mutantsOf('src/management/my-organization/provisioning.ts', [
    'a new token after the operator took the permission away',
    'await checkAllowed(call, connection.strategy);',
    '',
    STEERING,
  ]),
  ...mutantsOf('src/management/my-organization/update-attributes.ts', [
    'a provider is asked beyond the limit of questions',
    ', check_discovery: false }',
    ' }',
    IDPS,
  ]),
  ...mutantsOf(
    'src/http/scim/people.ts',
    [
      'an administrator writes the address of a colleague',
      "if (identity.status === 'bound') return true;",
      '',
      PROVISIONING,
    ],
    [
      'an administrator writes the address of a member who has not signed in',
      'items.length > 0;',
      'items.length > 9;',
      PROVISIONING,
    ],
    [
      'a customer’s directory blocks a member of another customer',
      'return items.every(({ id }) => id === maker);',
      'return items.length >= 0;',
      'test/attacks/directory-of-a-customer.test.ts',
    ],
    [
      'a customer’s directory deletes the main identity of a member of another customer',
      'person.identity.scimId === undefined || isOwn(person)',
      'person.identity.scimId === undefined',
      'test/attacks/directory-of-a-customer.test.ts',
    ],
  ),
  ...mutantsOf(
    'src/management/profiles/profiles.ts',
    ['a profile in use is deleted', 'if (users.length > 0)', 'if (false)', PROFILES],
    ['a profile of megabytes', 'JSON.stringify(settings).length > MAX_CHARACTERS', 'false', PROFILES],
    ['a profile makes an address verified', 'if (reason !== undefined)', 'if (false)', PROFILES],
    ['a field that all objects have', 'if (!FIELD.test(field))', 'if (false)', PROFILES],
    ['two attributes of one field', 'if (twice !== undefined)', 'if (false)', PROFILES],
  ),
  ...mutantsOf('src/management/clients/my-organization-settings.ts', [
    'an application names a profile that is not there',
    '!(await exists(id))',
    'false',
    PROFILES,
  ]),
  ...mutantsOf('src/management/enabled-connections/operations.ts', [
    'one of several organizations changes all of a connection',
    'if (users.some((id) => id !== organizationId))',
    'if (false)',
    PROFILES,
  ]),
];

export const MY_ORGANIZATION_MUTANTS: readonly Mutant[] = [...SERVED, ...GIVEN, ...CONNECTED, ...STEERED];
