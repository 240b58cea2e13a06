/** The refusals of the step act (the tenant’s Actions). Data alone; row.ts describes the columns. */
import { ADMINISTRATOR, APPLICATION } from './advice.js';
import type { RefusalRow } from './row.js';

export const ACT = {
  'act.denied': {
    status: 403,
    oauthError: 'access_denied',
    description: '{reason}',
    title: 'You cannot sign in here',
    sentence: 'A rule that the application runs at sign-in turned you away.',
    advice: ADMINISTRATOR,
  },
  'act.registration_denied': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the registration was denied',
    title: 'The account was not opened',
    sentence: 'A rule that the application runs for new accounts turned you away.',
    advice: ADMINISTRATOR,
    shown: 'with_way_back',
  },
  'act.failed': {
    status: 500,
    oauthError: 'access_denied',
    // Does not quote the exception's message: it may contain a credential or a host, and this text goes into the
    // browser's address bar.
    description: 'an Action failed; the log has its error under the error_reference',
    title: 'The application could not finish your sign-in',
    sentence: 'A rule that the application runs at sign-in did not finish. Nothing was changed.',
    advice: APPLICATION,
  },
  'act.not_available': {
    status: 501,
    oauthError: 'access_denied',
    description: '{message}',
    title: 'The application could not finish your sign-in',
    sentence: 'A rule that the application runs at sign-in asks for something that this server does not have yet.',
    advice: APPLICATION,
  },
  'act.busy': {
    status: 503,
    oauthError: 'temporarily_unavailable',
    description: 'too many Actions are running',
    title: 'Try again in a minute',
    sentence: 'The rules that the application runs at sign-in are all busy at the moment.',
    advice: 'Start again from the application.',
    shown: 'with_way_back',
  },
  'act.interaction_required': {
    status: 401,
    oauthError: 'interaction_required',
    description: 'External interaction required',
    title: 'Sign in',
    sentence: 'The application asks you for something before you are let in.',
    advice: 'Start again from the application.',
  },
  'act.route': {
    status: 403,
    oauthError: 'access_denied',
    description: 'an Action named a connection or an organization that this login cannot use',
    title: 'The application could not finish your sign-in',
    sentence: 'A rule that the application runs at sign-in chose a sign-in that you cannot use here.',
    advice: APPLICATION,
  },
  'act.primary_user': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the primary user set by an Action does not hold the identity of this login',
    title: 'The application could not finish your sign-in',
    sentence: 'A rule that the application runs at sign-in chose an account that does not belong to this sign-in.',
    advice: APPLICATION,
  },
} as const satisfies Readonly<Record<string, RefusalRow>>;
