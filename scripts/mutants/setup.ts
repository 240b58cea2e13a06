/**
 * Faults in the set-up by a customer: who may open it, which settings reach the connection, and to whom connection and
 * domains belong.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const STORY = 'test/scenarios/self-service.test.ts';
const GROUPS = 'test/scenarios/self-service-groups.test.ts';
const API = 'test/management/self-service.test.ts';
const QUESTIONS = 'test/attacks/questions-without-end.test.ts';
const ATTACKS = 'test/attacks/set-up-by-a-customer.test.ts';

export const SETUP_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/http/setup/session.ts',
    ['set-up: a ticket without its secret', '|| !fitsHash(secret, found.ticketHash)) return', ') return', STORY],
    [
      'set-up: a ticket that was revoked',
      'return isOpen(found.setup, deps.clock.now()) ?',
      'return found.setup ?',
      STORY,
    ],
  ),
  ...mutantsOf(
    'src/domain/self-service.ts',
    [
      'set-up: settings that signed nobody in',
      'setup.candidate !== undefined && setup.passed === digestOf(setup.candidate);',
      'setup.candidate !== undefined;',
      STORY,
    ],
    [
      'set-up: other settings than those that signed in',
      'setup.passed === digestOf(setup.candidate);',
      'setup.passed !== undefined;',
      'test/domain/self-service.test.ts',
    ],
    [
      'set-up: a provider that was put in the place of the tried one',
      'return setup.passed === settingsDigestOf(connection);',
      'return setup.passed !== settingsDigestOf({ ...connection, options: {} });',
      ATTACKS,
    ],
  ),
  ...mutantsOf(
    'src/http/setup/put-into-use.ts',
    [
      'set-up: a connection of two organizations',
      'id !== setup.organizationId)',
      'id === id.length.toString())',
      STORY,
    ],
    [
      'set-up: settings of another window that were not tried',
      'if (now === undefined || !isPassed(now.setup) ||',
      'if (now === undefined ||',
      ATTACKS,
    ],
    [
      'set-up: the operator’s change of this moment is taken back',
      'query: { options_revision: toOptionsRevision(connection) },\n      body: { options,',
      'body: { options,',
      ATTACKS,
    ],
    [
      'set-up: off forgets the operator’s settings',
      'body: { is_enabled: false }',
      'body: { auto_membership_condition: null, is_enabled: false }',
      STORY,
    ],
  ),
  ...mutantsOf('src/http/setup/step-domains.ts', [
    'set-up: the operator’s word is taken back',
    "before.proof.kind === 'operator')",
    'before.proof.kind === undefined)',
    STORY,
  ]),
  ...mutantsOf('src/http/setup/step-connection.ts', [
    'set-up: the kept secret goes to another address',
    'const isSame = ADDRESSES.every(',
    'const isSame = ADDRESSES.some(',
    STORY,
  ]),
  ...mutantsOf('src/domain/self-service.ts', [
    'set-up: the secret goes to an address of the provider before',
    'const TYPED = [...PROVIDER_OPTIONS,',
    'const TYPED = [',
    ATTACKS,
  ]),
  ...mutantsOf(
    'src/http/setup/step-try.ts',
    [
      'set-up: a try without an address',
      'const passed = missing.length === 0 && (await',
      'const passed = (await',
      STORY,
    ],
    [
      'set-up: tries share the breaker of people who sign in',
      "revision: setup.candidate === undefined ? '-' : digestOf(setup.candidate),",
      'revision: connection.revision,',
      ATTACKS,
    ],
  ),
  ...mutantsOf(
    'src/http/setup/progress.ts',
    [
      'set-up: a second connection takes over the domains of the first',
      '.filter((domain) => !elsewhere.has(domain))',
      '',
      ATTACKS,
    ],
    [
      'set-up: settings typed for older ones of the operator',
      'if (progress.isOutdated) missing.push(CHANGED_BY_OTHERS);\n  else if',
      'if',
      ATTACKS,
    ],
  ),
  ...mutantsOf('src/http/setup/former-people.ts', [
    'set-up: nobody hears of the people of the issuer before',
    '.filter(({ issuer }) => !acceptsIssuer(',
    '.filter(({ issuer }) => acceptsIssuer(',
    ATTACKS,
  ]),
  ...mutantsOf('src/storage/housekeeping.ts', [
    'set-up: typed secrets outlive the ticket',
    '`delete from connection_setups where expires_at < $1`',
    "`delete from connection_setups where expires_at < $1 and id = ''`",
    'test/storage/housekeeping.test.ts',
  ]),
  ...mutantsOf('src/http/setup/routes.ts', [
    'set-up: forms without end',
    'if (allowance.take(request.ip) === undefined) return sendTooMany(reply, deps);\n  return PAGES',
    'return PAGES',
    STORY,
  ]),
  ...mutantsOf(
    'src/http/setup/group-roles.ts',
    [
      'set-up: the operator’s rules for other roles are lost',
      'roles: rule.roles.filter((name) => !assignable.includes(name)) }',
      'roles: [] }',
      GROUPS,
    ],
    [
      'set-up: groups that the page did not show lose their roles',
      'groups.filter(({ id }) => shown.has(id))',
      'groups.filter(({ id }) => shown.size > 0 || id)',
      GROUPS,
    ],
    [
      'set-up: roles for groups with a ticket that names none',
      '|| assignableRoles.length === 0) return;',
      ') return;',
      GROUPS,
    ],
  ),
  ...mutantsOf(
    'src/http/setup/step-people.ts',
    [
      'set-up: people of a connection of two organizations are provisioned',
      '  await checkIsTheirs(visit, connectionId);\n',
      '',
      GROUPS,
    ],
    [
      'set-up: SCIM tokens with a ticket that speaks of none',
      'if (!visit.setup.config.provisioning) return',
      'if (visit === undefined) return',
      GROUPS,
    ],
    [
      'set-up: SCIM tokens with more scopes than the ticket says',
      '...(tokenScopes && {',
      '...(!tokenScopes && {',
      GROUPS,
    ],
  ),
  ...mutantsOf(
    'src/http/setup/put-into-use.ts',
    [
      'set-up: a directory for settings that signed nobody in',
      'if (now === undefined || !isPassed(now.setup) ||',
      'if (now === undefined ||',
      GROUPS,
    ],
    [
      'set-up: applications have the connection before the switch',
      'replaceOptions(visit, connection, tried.options, [])',
      'replaceOptions(visit, connection, tried.options, setup.config.enabledClients)',
      GROUPS,
    ],
    ['set-up: the connection is on as soon as groups have roles', 'is_enabled: false,\n    },', '},', GROUPS],
  ),
  ...mutantsOf('src/management/self-service/provisioning.ts', [
    'set-up: a ticket gives the power over roles that its maker lacks',
    'if (GROUP_ROLE_SCOPES.some(',
    'if ([].some(',
    API,
  ]),
  ...mutantsOf(
    'src/management/self-service/question-limits.ts',
    [
      'set-up: questions of a ticket without end',
      "...(ticketId === undefined ? [] : [counterOf('ticket', ticketId)]),",
      '',
      QUESTIONS,
    ],
    [
      'set-up: questions of an organization without end',
      "...(organizationId === undefined ? [] : [counterOf('organization', organizationId)]),",
      '',
      QUESTIONS,
    ],
  ),
  ...mutantsOf('src/management/discovery-domains/verify.ts', [
    'set-up: looks for records by the API without end',
    "await countQuestion(deps.attempts, 'domain', { organizationId }, call.now);",
    '',
    QUESTIONS,
  ]),
  ...mutantsOf('src/management/self-service/tickets.ts', [
    'set-up: a ticket for another customer’s connection',
    'if (connection !== undefined) await checkIsTheirs(',
    'if (connection === null) await checkIsTheirs(',
    API,
  ]),
  ...mutantsOf('src/management/connections/connection-use.ts', [
    'a provider is asked by the API without end',
    "await countQuestion(deps.attempts, 'provider', { ticketId: connection.id }, call.now);",
    '',
    'test/management/evidence.test.ts',
  ]),
];
