/** The refusals of the step authenticate (the proof). Data alone; row.ts describes the columns. */
import { ADMINISTRATOR } from './advice.js';
import type { RefusalRow } from './row.js';

export const AUTHENTICATE = {
  'authenticate.unknown_transaction': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'the login is unknown in this browser or too old',
    title: 'This sign-in cannot be continued',
    sentence: 'It is already finished, took longer than an hour, or was started in another browser.',
    advice: 'Go back to the application. If you are not signed in there, start again.',
  },
  'authenticate.ticket_not_usable': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'the link is unknown, used or too old',
    title: 'This link cannot be used',
    sentence: 'The link was already used, is too old, or was not copied completely. Each link works once.',
    advice: 'Go back to the application and ask for a new one.',
  },
  'authenticate.idp_denied': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the identity provider denied the login',
    title: 'Your company did not sign you in',
    sentence: "Your company's sign-in page ended without signing you in.",
    advice: 'Start again from the application, or ask the IT team of your company.',
    shown: 'with_way_back',
  },
  'authenticate.idp_unreachable': {
    status: 502,
    oauthError: 'temporarily_unavailable',
    description: 'the identity provider cannot be reached',
    title: 'We cannot reach your company',
    sentence: 'The sign-in of your company did not answer.',
    advice:
      'Wait a minute and start again from the application. If it lasts, tell the IT team of your company the reference number.',
    shown: 'with_way_back',
  },
  'authenticate.idp_keys': {
    status: 502,
    oauthError: 'temporarily_unavailable',
    description: 'the keys of the identity provider cannot be had',
    title: 'We could not check who you are',
    sentence: 'Your company signed you in, but we could not get the keys that we need to check its answer.',
    advice:
      'Wait half a minute and start again from the application. If it lasts, tell the IT team of your company the reference number.',
    shown: 'with_way_back',
  },
  'authenticate.idp_invalid': {
    status: 502,
    oauthError: 'access_denied',
    description: 'the answer of the identity provider could not be verified',
    title: "Your company's answer could not be verified",
    sentence: "The answer from your company's sign-in did not pass our checks, so we did not use it.",
    advice:
      'Start again from the application. If it happens again, tell the IT team of your company the reference number.',
    shown: 'with_way_back',
  },
  'authenticate.sign_in_too_old': {
    status: 401,
    oauthError: 'login_required',
    description: 'the identity provider did not ask the person to sign in anew',
    title: 'Sign in again',
    sentence: "The application asked you to sign in again. Your company's answer did not show that you just did.",
    advice: 'Sign out at your company, then start again from the application.',
  },
  'authenticate.wrong_password': {
    status: 400,
    oauthError: 'access_denied',
    description: 'Wrong email or password.',
    title: 'Wrong email or password',
    sentence: 'Wrong email or password.',
    advice: 'Check both and try again, or ask for a new password.',
  },
  'authenticate.too_many_attempts': {
    status: 429,
    oauthError: 'access_denied',
    description: 'too many attempts',
    title: 'Too many attempts',
    sentence: 'There were too many attempts in a short time, so we stop for a while.',
    advice: 'Wait a quarter of an hour, then try again or ask for a new password.',
    shown: 'with_way_back',
  },
  'authenticate.session_not_usable': {
    status: 401,
    oauthError: 'login_required',
    description: 'Login required',
    title: 'Sign in',
    sentence: 'You are not signed in here, or not in a way that this organization accepts.',
    advice: 'Start again from the application.',
  },
  'authenticate.sign_up_not_allowed': {
    status: 403,
    oauthError: 'access_denied',
    description: 'sign-up is not enabled',
    title: 'An invitation is needed',
    sentence: 'You need an invitation to open an account here.',
    advice: ADMINISTRATOR,
  },
  'authenticate.proof_failed': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the account was not proved',
    title: 'We could not confirm that it is you',
    sentence:
      'The code or password was wrong, or it took too long. Nothing was changed. An invitation can still be used.',
    advice: 'Start again from the application or from the invitation.',
    shown: 'with_way_back',
    over: true,
  },
} as const satisfies Readonly<Record<string, RefusalRow>>;
