/** The refusals of the step commit (writing the result). Data alone; row.ts describes the columns. */
import type { RefusalRow } from './row.js';

export const COMMIT = {
  'commit.conflict': {
    status: 409,
    oauthError: 'access_denied',
    description: 'the login conflicted with a change made at the same moment',
    title: 'Try once more',
    sentence: 'This account or its organization was changed while you signed in, so we stopped.',
    advice: 'Start again from the application.',
    short: 'changed at the same moment',
    when: 'Something that the decision relied on changed at that very moment, three times in succession.',
    whenMore:
      'The log names it: membership, invitation, domain, connection or account. Or Actions had agreed already, and the person then had another account or was no longer a member; that is refused the first time.',
    do: 'Nothing: the next try decides again.',
  },
  'commit.replayed': {
    status: 409,
    oauthError: 'access_denied',
    description: 'the login was completed already',
    title: 'This sign-in is finished',
    sentence: 'This sign-in was completed already, perhaps in another tab.',
    advice: 'Go back to the application.',
    shown: 'with_way_back',
    over: true,
    short: 'finished before',
    when: 'This sign-in was finished already: a double click, a second tab, or a replay.',
    do: 'Nothing: the first one counts.',
  },
} as const satisfies Readonly<Record<string, RefusalRow>>;
