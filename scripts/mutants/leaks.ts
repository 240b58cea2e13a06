/**
 * Faults in the rules about texts that are shown elsewhere: credentials in the log, errors in an address bar, names on
 * a terminal.
 */
import { type Mutant, mutantsOf } from './mutant.js';

const CREDENTIALS = 'test/attacks/credentials-under-any-name.test.ts';
const HOSTILE = 'test/cli/hostile-names.test.ts';
const TERMINAL = 'test/cli/terminal.test.ts';

export const LEAK_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/management/api/shown-values.ts',
    [
      'log: a value is shown under a name that nobody knows',
      'if (SHOWN.has(path) || bounded?.words.has(value) === true) return value;',
      'if (!/secret|password/i.test(path)) return value;',
      CREDENTIALS,
    ],
    [
      'log: the path of an address is shown',
      'ADDRESSES.has(path) ? toShownAddress(value) : MASK',
      'ADDRESSES.has(path) ? value : MASK',
      CREDENTIALS,
    ],
    ['log: a private key beside its certificate', "value.includes('PRIVATE KEY')", 'value === MASK', CREDENTIALS],
  ),
  ...mutantsOf('src/management/api/log-line.ts', [
    'log: a body as it was sent',
    'toShownBody(keyOf(operation), body)',
    'keyOf(operation) && body',
    CREDENTIALS,
  ]),
  ...mutantsOf('src/management/api/shown-answers.ts', [
    'a viewer reads credentials of settings',
    'if (hidden.length === 0) return item;',
    'if (hidden) return item;',
    CREDENTIALS,
  ]),
  ...mutantsOf('src/login/tenant-code/run-trigger.ts', [
    'the text of an exception of an Action in the address bar',
    "{ ...refuse('act.failed', detail), logged: end.message }",
    "{ ...refuse('act.failed', detail), description: end.message, logged: end.message }",
    'test/login/act.test.ts',
  ]),
  ...mutantsOf('src/http/setup/step-try.ts', [
    'set-up: the try tells about addresses elsewhere',
    '  if (!isOwn)\n',
    '  if (answer.outcome === undefined)\n',
    'test/scenarios/self-service.test.ts',
  ]),
  ...mutantsOf(
    'src/terminal/lines.ts',
    ['terminal: a line as somebody else wrote it', '}, toPrintableLine(line));', '}, line);', TERMINAL, HOSTILE],
    ['terminal: JSON with control characters', 'toPrintableJson(json).split', 'json.split', TERMINAL],
  ),
  ...mutantsOf('src/cli/program.ts', [
    'terminal: commands print past the function that cleans',
    'toCleanTerminal(isPlain ? { ...raw, colourful: false, colourfulNotes: false } : raw);',
    'raw;',
    HOSTILE,
  ]),
];
