// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the My Organization API: whose token counts, what members may give, and what they may reach. */
import { type Mutant, mutantsOf } from './mutant.js';

const ACCESS = 'test/my-organization/access.test.ts';
const DETAILS = 'test/my-organization/details.test.ts';
const MEMBERS = 'test/my-organization/members.test.ts';
const INVITATIONS = 'test/my-organization/invitations.test.ts';
const DOMAINS = 'test/my-organization/domains.test.ts';
const ROLES = 'test/my-organization/roles.test.ts';
const PROVISIONING = 'test/my-organization/provisioning.test.ts';

const SERVED: readonly Mutant[] = [
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
      MEMBERS,
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
  ...mutantsOf(
    'src/management/my-organization/invitations.ts',
    [
      'two administrators invite one person twice',
      'if (`${await findOlder(directory, organizationId, emails)}` !== `${older}`)',
      'if (false)',
      INVITATIONS,
    ],
    [
      'the ids of other organizations’ connections are tried out',
      'if (idpId !== undefined && !enablement) throw noIdp();',
      '',
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
  ...mutantsOf('src/management/my-organization/details.ts', [
    'an organization takes the name of another',
    'if (name !== undefined && name !== before.name)',
    'if (false)',
    ACCESS,
  ]),
  ...mutantsOf('src/management/my-organization/domains.ts', [
    'a member removes what an operator confirmed',
    'if (isFromOperator && ',
    'if (false && ',
    DOMAINS,
  ]),
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
  ...mutantsOf('src/management/my-organization/attributes.ts', [
    'a profile leaves the deactivation of people out',
    'toFields([...toScimFields(ALWAYS), ...fields])',
    'fields',
    'test/my-organization/attributes.test.ts',
  ]),
  ...mutantsOf('src/management/roles/roles.ts', [
    'a role of operators is opened to customers',
    'if (mark !== true) return;',
    'return;',
    ROLES,
  ]),
];

export const MY_ORGANIZATION_MUTANTS: readonly Mutant[] = [...SERVED, ...GIVEN];
