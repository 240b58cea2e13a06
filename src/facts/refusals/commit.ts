/** The refusals of step 6, commit: the result could not be written. Only data; row.ts describes the columns. */
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
    when: 'Data needed for the decision changed at the same moment, three times in a row.',
    whenMore:
      'The log names it: membership, invitation, domain, connection or account. Or Actions had agreed already, and the person then had another account or was no longer a member; that is refused the first time.',
    do: 'No action is needed. The person can try again.',
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
    short: 'already finished',
    when: 'This sign-in was already finished, for example by a double click or in a second tab. The first one counts.',
    do: 'No action is needed.',
  },
} as const satisfies Readonly<Record<string, RefusalRow>>;
