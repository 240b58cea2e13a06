/** The refusals of the step resolve (the account). Data alone; row.ts describes the columns. */
import { ADMINISTRATOR } from './advice.js';
import type { RefusalRow } from './row.js';

export const RESOLVE = {
  'resolve.ambiguous_account': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the account cannot be determined',
    title: 'We cannot tell which account is yours',
    sentence: 'This sign-in does not lead to exactly one account of this organization.',
    advice: ADMINISTRATOR,
  },
  'resolve.no_account': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the connection does not open accounts',
    title: 'You have no account here yet',
    sentence: 'Your company signed you in, but this does not open an account here.',
    advice: 'Ask an administrator of your organization to open an account for you, and quote the reference number.',
  },
  'resolve.other_user': {
    status: 401,
    oauthError: 'login_required',
    description: 'the person who signed in is not the one of id_token_hint',
    title: 'The application expects somebody else',
    sentence: 'The application asked for one person, and you signed in as another.',
    advice: 'Go back to the application and sign in as the person that it knows.',
  },
  'resolve.issuer_changed': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the identity provider of this connection was replaced',
    title: 'Your company signs you in differently now',
    sentence: 'Your company uses a new sign-in service. We do not know yet which account there is yours.',
    advice:
      'Ask an administrator of your organization, and quote the reference number. Your account here has not changed.',
  },
  'resolve.seat_moved': {
    status: 403,
    oauthError: 'access_denied',
    description: 'this sign-in was replaced by another one of the same person',
    title: 'This sign-in is not in use any more',
    sentence: 'Your company gave you a new account at its sign-in service, and you came with the former one.',
    advice:
      'Sign out at your company, and come back with the new account. If there is none, ask an administrator of your organization, and quote the reference number.',
  },
} as const satisfies Readonly<Record<string, RefusalRow>>;
