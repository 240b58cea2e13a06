// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of source, not templates
/** Faults in operations for many people: missing locks and checks, and too few required scopes. */
import { type Mutant, mutantsOf } from './mutant.js';

const ARRIVALS = 'test/management/arrivals.test.ts';
const PEOPLE = 'test/management/people.test.ts';

export const PEOPLE_MUTANTS: readonly Mutant[] = [
  ...mutantsOf(
    'src/storage/directory/people/expected-identities.ts',
    ['users to be expected not locked', 'order by user_id for no key update', 'order by user_id', PEOPLE],
    ['members to be expected not locked', 'order by user_id for key share', 'order by user_id', PEOPLE],
    ['anybody is expected, a member or not', "when ${notMember} then 'not_a_member'", '', PEOPLE],
    [
      'a subject that is bound is expected for another user',
      "when ${boundElsewhere(connectionId)} then 'taken'",
      '',
      PEOPLE,
    ],
    ['a main identity is withdrawn', 'and not i.is_primary and ${SAME}', 'and ${SAME}', PEOPLE],
    ['any expected identity is withdrawn', 'and not i.is_primary and ${SAME}', 'and not i.is_primary', PEOPLE],
    ['the same again is refused', "when h.same then 'exists'", '', PEOPLE],
  ),
  ...mutantsOf('src/management/organizations/expected-identities.ts', [
    'prepared at a connection that is not enabled',
    'enablement?.isEnabled !== true',
    'false',
    PEOPLE,
  ]),
  ...mutantsOf('src/management/organizations/people.ts', [
    'people read with one scope of three',
    '!call.caller.scopes.has(scope)',
    'false',
    PEOPLE,
  ]),
  ...mutantsOf('src/management/enabled-connections/arrivals.ts', [
    'claims learned by conditions with a scope for members alone',
    'NEEDED.some((scope) => !call.caller.scopes.has(scope))',
    'false',
    ARRIVALS,
  ]),
  ...mutantsOf('src/management/enabled-connections/tally-arrivals.ts', [
    'a condition is tried on many people however long it takes',
    'if (clock.monotonicMs() > end)',
    'if (false)',
    ARRIVALS,
  ]),
  ...mutantsOf('src/storage/directory/people/arrivals.ts', [
    'an identity that was linked by hand counts as come, and a condition holds for no claims',
    "(came.profile <> '{}'",
    '(true',
    ARRIVALS,
  ]),
];
