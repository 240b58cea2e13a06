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
  },
} as const satisfies Readonly<Record<string, RefusalRow>>;
