// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in the Auth0 double: a fact that it does not imitate, or one that changes an ordinary server. */
import { type Mutant, mutantsOf } from './mutant.js';

const double = (name: string) => `test/double/${name}.test.ts`;

export const DOUBLE_MUTANTS: readonly Mutant[] = [
  ...mutantsOf('src/storage/database/server-kind.ts', [
    'the database of the other kind is used',
    "if (typeof owner === 'string' && owner !== kind)",
    'if (owner === undefined)',
    double('serve'),
  ]),
  ...mutantsOf(
    'src/compose/database.ts',
    ['nobody claims the database', '    await claimServerKind(pool, kind);\n', '', double('serve')],
    [
      "another's database migrated before it is refused",
      ', mayUse: (db) => checkServerKind(db, kind)',
      '',
      double('serve'),
    ],
  ),
  ...mutantsOf(
    'src/login/decide.ts',
    [
      "every tenant opens a stranger's account",
      'habits?.opensAccountFirst !== true || hasOpened',
      'habits?.opensAccountFirst === false || hasOpened',
      double('order'),
      'test/scenarios/03-stranger.test.ts',
    ],
    [
      'no account is opened first',
      'habits?.opensAccountFirst !== true || hasOpened',
      'habits === undefined || hasOpened !== undefined',
      double('order'),
    ],
  ),
  ...mutantsOf(
    'src/login/plan.ts',
    [
      'an account alone uses the invitation up',
      '    membership: undefined,\n    consumeInvitationId: undefined,\n',
      '    membership: undefined,\n',
      double('order'),
    ],
    [
      'an account alone is a membership',
      '    membership: undefined,\n    consumeInvitationId: undefined,\n',
      '    consumeInvitationId: undefined,\n',
      double('order'),
    ],
  ),
  ...mutantsOf(
    'src/double/login.ts',
    ['the double links by address', 'byEmail: [], invitations', 'invitations', double('order')],
    ['an invitation counts without its ticket', 'byEmail: [], invitations: [],', 'byEmail: [],', double('order')],
    [
      'the order of the product',
      "membershipEvaluation: 'before_actions'",
      "membershipEvaluation: 'after_actions'",
      double('order'),
    ],
  ),
  ...mutantsOf(
    'src/double/operations.ts',
    [
      'additions are accepted',
      "  (call, key) => checkAgainstAuth0(key, 'body', call.body),\n",
      '',
      double('additions'),
    ],
    ['eleven members', 'const MAX_MEMBERS = 10;', 'const MAX_MEMBERS = 11;', double('limits')],
  ),
  ...mutantsOf(
    'src/double/paging.ts',
    ['no ceiling', 'offset + limit <= CEILING', 'offset <= CEILING', double('limits')],
    [
      'the cursor is absent at the end',
      "cursor_at_end === 'full_page' && isFull",
      "cursor_at_end === 'full_page' && !isFull",
      double('limits'),
    ],
  ),
  ...mutantsOf(
    'src/double/removals.ts',
    ['removals are lost at a stop', '      await this.remove(removal);\n', '', double('delays')],
    [
      'an addition cancels nothing',
      "added_while_removed === 'stays'",
      "added_while_removed === 'is_removed'",
      double('delays'),
    ],
  ),
  ...mutantsOf('src/double/double.ts', [
    'a killed double forgets the removals that wait',
    '  await removals.takeUp();\n',
    '',
    double('delays'),
  ]),
  ...mutantsOf(
    'src/double/forgotten-removals.ts',
    ['a member added again is removed after a kill', ' || added.has(key)) continue;', ') continue;', double('delays')],
    [
      'a membership of later is removed after a kill',
      'member !== undefined && member.createdAt < line.date',
      'member !== undefined',
      double('delays'),
    ],
  ),
  ...mutantsOf('src/double/lag.ts', [
    'a broken snapshot goes on serving',
    '        if (serving === snapshot) serving = undefined;\n',
    '',
    double('lag'),
  ]),
  ...mutantsOf('src/double/invitations.ts', [
    'a failed acceptance keeps the invitation',
    "if (entry.type !== 'fi'",
    "if (entry.type !== 'si'",
    double('invitations'),
  ]),
];
