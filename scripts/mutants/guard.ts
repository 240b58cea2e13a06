/** Faults in the guard: in the Action that runs on an Auth0 tenant, and in the sweep that removes members. */
import { type Mutant, mutantsOf } from './mutant.js';

const REFUSALS = 'test/guard/refusals.test.ts';
const SWEEP = 'test/guard/sweep.test.ts';
const STORIES = 'test/guard/stories.test.ts';
const CODE = 'test/guard/action-code.test.ts';

const FILES = 'test/kernel/durable-files.test.ts';

const ACTION = mutantsOf(
  'src/tenant-tools/guard/action-code.ts',
  [
    'a membership taken back without a line of the log that says this login brought it',
    "  if (judged.line.details.reason !== 'auto_membership' || !isSince(judged.line, judged.begin)) return false;\n",
    '',
    REFUSALS,
  ],
  [
    'the line of an earlier login taken for one of this login',
    "if (judged.line.details.reason !== 'auto_membership' || !isSince(judged.line, judged.begin)) return false;",
    "if (judged.line.details.reason !== 'auto_membership') return false;",
    REFUSALS,
  ],
  [
    'lines of other people believed',
    'lines.filter((line) => line.user_id === userId && line.organization_id === event.organization.id)',
    'lines.filter((line) => line.organization_id === event.organization.id)',
    CODE,
  ],
  [
    'an account of another organization taken',
    'if (organizations.length !== 1 || organizations[0].id !== organization.id) return undefined;',
    'if (!organizations.some(({ id }) => id === organization.id)) return undefined;',
    REFUSALS,
  ],
  [
    'a seat in another organization lost by linking',
    'return own.every(({ id }) => id === organization.id) ? account : undefined;',
    'return account;',
    CODE,
  ],
  [
    'an account with an unverified address taken',
    'if (account.email_verified !== true || account.blocked ||',
    'if (account.blocked ||',
    REFUSALS,
  ],
  [
    'an invitation used on an address that nobody vouches for',
    'if (!invitation || event.user.email_verified !== true) return false;',
    'if (!invitation) return false;',
    REFUSALS,
  ],
  [
    'a refresh token judged like a login',
    "event.transaction.protocol === 'oauth2-refresh-token'",
    "event.transaction.protocol === 'never'",
    REFUSALS,
  ],
  [
    'a failure lets in',
    '    return api.access.deny(SETTINGS.texts.unclear);\n  }\n  if (answer.end',
    '    return;\n  }\n  if (answer.end',
    REFUSALS,
    CODE,
  ],
  [
    'an invitation deleted under the login that accepts it',
    '  if (event.request.query && event.request.query.invitation) return;\n',
    '',
    CODE,
  ],
  [
    'an invited person refused whose other login has ended the invitation',
    'if (error.statusCode !== 404) throw error;',
    'throw error;',
    CODE,
  ],
  [
    'somebody refused whom another login has let in meanwhile',
    "const isOut = answer.end === 'unclear' || answer.left === true;",
    'const isOut = false;',
    CODE,
  ],
  [
    'the seat taken of somebody who accepts an invitation at the same moment',
    "lines.find((line) => line.type === 'si' && isNear(line)) || newest",
    'newest',
    CODE,
  ],
  ['an accepted invitation of long ago believed', "line.type === 'si' && isNear(line)", "line.type === 'si'", CODE],
  [
    'the membership of a stranger stays',
    '    await management.organizations.deleteMembers(',
    '    if (userId === undefined) await management.organizations.deleteMembers(',
    STORIES,
  ],
);

const SWEEPING = [
  ...mutantsOf(
    'src/tenant-tools/guard/sweep-apply.ts',
    [
      'eleven members in one request',
      'export const MEMBERS_PER_CALL = 10;',
      'export const MEMBERS_PER_CALL = 11;',
      SWEEP,
    ],
    [
      'nobody examined again before the removal',
      'const userIds = await examineGroup(applying, group);',
      'const userIds = group.map((person) => person.user_id);',
      SWEEP,
    ],
    [
      'a user deleted who was given a seat since',
      ' || (await isMemberForGood(applying, userId))) return false;',
      ') return false;',
      SWEEP,
    ],
  ),
  ...mutantsOf(
    'src/tenant-tools/guard/evidence.ts',
    ['somebody who was let in called a stranger', "  if (letIn) return { class: 'keep', why: 'let-in' };\n", '', SWEEP],
    [
      'somebody with an invitation called a stranger',
      "return invited?.has(user.email.toLowerCase()) ? 'invited' : undefined;",
      'return undefined;',
      SWEEP,
    ],
    [
      'somebody who accepted an invitation at the same moment called a stranger',
      "const accepted = (line: LogLine) => line.type === 'si' &&",
      "const accepted = (line: LogLine) => line.type === 'never' &&",
      'test/guard/evidence.test.ts',
    ],
    [
      'somebody without a line in the log called a stranger',
      ": { class: 'unexplained', why: 'no-line' };",
      ": { class: 'stranger', line: { id: '', type: '', at: now, organizationId, userId: undefined, reason: undefined } };",
      SWEEP,
    ],
  ),
  ...mutantsOf('src/tenant-tools/guard/examine.ts', [
    'writes of the API not read before somebody is called a stranger',
    '  return examined.map((one) => withWrites(one, addings));',
    '  return addings === undefined ? [] : examined;',
    SWEEP,
  ]),
  ...mutantsOf('src/tenant-tools/guard/sweep-file.ts', [
    'a plan that was changed is applied',
    "last.kind !== 'digest' || last.sha256 !== digestOf(text.slice(0, end))",
    "last.kind !== 'digest' || typeof last.sha256 !== 'string'",
    SWEEP,
  ]),
];

const KEPT = [
  ...mutantsOf(
    'src/kernel/durable-files.ts',
    [
      'a file that was replaced is gone after a crash',
      '  await rename(beside, file);\n  await syncFolder(file);\n',
      '  await rename(beside, file);\n',
      FILES,
    ],
    [
      'a plan that was written is gone after a crash',
      'mode: 0o600, flush: true });\n  await syncFolder',
      'mode: 0o600, flush: true });\n  void syncFolder',
      FILES,
    ],
  ),
  ...mutantsOf(
    'src/tenant-tools/guard/sweep-journal.ts',
    ['a journal that was begun is gone after a crash', '    await syncFolder(path);\n', '', FILES],
    [
      'two sweeps of one plan at once',
      'const unlock = await holdAlone(path);',
      'const unlock = async () => {};\n  await Promise.resolve(holdAlone);',
      FILES,
      SWEEP,
    ],
  ),
  ...mutantsOf('src/tenant-tools/commands/guard-install.ts', [
    'two installations with one state file at once',
    'isDry ? undefined : await holdAlone(stateFile)',
    'isDry ? await holdAlone(stateFile) : undefined',
    'test/guard/install.test.ts',
  ]),
];

export const GUARD_MUTANTS: readonly Mutant[] = [...ACTION, ...SWEEPING, ...KEPT];
