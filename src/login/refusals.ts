/**
 * Every "no" of the pipeline. One table: the code is `<step>.<reason>`; `oauthError` and `description` go to the
 * application (texts as Auth0's where it has one); `title`, `sentence` and `advice` are what the person reads. The private
 * detail belongs to the trace and the log, never in here. A sentence must not tell whether an account exists.
 * docs/errors.md lists the same codes; a test keeps the two equal.
 */
import { administrator, application, IDENTIFY_REFUSALS, type RefusalText } from './refusal-texts.js';

export const REFUSALS = {
  ...IDENTIFY_REFUSALS,
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
  },
  'authenticate.idp_unreachable': {
    status: 502,
    oauthError: 'temporarily_unavailable',
    description: 'the identity provider cannot be reached',
    title: 'We cannot reach your company',
    sentence: 'The sign-in of your company did not answer.',
    advice:
      'Wait a minute and start again from the application. If it lasts, tell the IT team of your company the reference number.',
  },
  'authenticate.idp_keys': {
    status: 502,
    oauthError: 'temporarily_unavailable',
    description: 'the keys of the identity provider cannot be had',
    title: 'We could not check who you are',
    sentence: 'Your company signed you in, but we could not get the keys that we need to check its answer.',
    advice:
      'Wait half a minute and start again from the application. If it lasts, tell the IT team of your company the reference number.',
  },
  'authenticate.idp_invalid': {
    status: 502,
    oauthError: 'access_denied',
    description: 'the answer of the identity provider could not be verified',
    title: "Your company's answer could not be verified",
    sentence: "The answer from your company's sign-in did not pass our checks, so we did not use it.",
    advice:
      'Start again from the application. If it happens again, tell the IT team of your company the reference number.',
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
    advice: administrator,
  },
  'authenticate.proof_failed': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the account was not proved',
    title: 'We could not confirm that it is you',
    sentence:
      'The code or password was wrong, or it took too long. Nothing was changed. An invitation can still be used.',
    advice: 'Start again from the application or from the invitation.',
  },
  'resolve.ambiguous_account': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the account cannot be determined',
    title: 'We cannot tell which account is yours',
    sentence: 'This sign-in does not lead to exactly one account of this organization.',
    advice: administrator,
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
  'admit.organization_needed': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'parameter organization is required for this connection',
    title: 'No organization was named',
    sentence: 'Your company signs you in for an organization, and the application did not say for which.',
    advice: application,
  },
  'admit.not_own_connection': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the connection does not lead to this account without an organization',
    title: 'You cannot reach your account this way',
    sentence: 'Your account was opened in another way. This way works only within an organization.',
    advice: 'Sign in as you did before, or choose your organization in the application first.',
  },
  'admit.user_blocked': {
    status: 403,
    oauthError: 'access_denied',
    description: 'user is blocked',
    title: 'You cannot sign in',
    sentence: 'This sign-in has been switched off.',
    advice: administrator,
  },
  'admit.sso_required': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the organization requires its own sign-in',
    title: 'Your company signs you in',
    sentence: 'This organization asks people of your company to sign in at the company, not with a password.',
    advice:
      'Sign in with your work address. If the company cannot sign you in, ask an administrator of your organization.',
  },
  'admit.invitation_needs_company': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the organization requires its own sign-in',
    title: 'Your company signs you in',
    sentence:
      'This invitation is for a password. The organization now asks people of your company to sign in at the company.',
    advice: 'Ask for a new invitation that uses the sign-in of your company, and quote the reference number.',
  },
  'admit.invitation_mismatch': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the specified account is not allowed to accept the current invitation',
    title: 'This invitation is for somebody else',
    sentence: 'The invitation names another person, or another way to sign in. It can still be used.',
    advice: 'Open the link in the invitation again, and sign in with the address that it was sent to.',
  },
  'admit.not_a_member': {
    status: 403,
    oauthError: 'access_denied',
    description: 'user {user} is not part of the {organization} organization',
    title: 'You are not part of this organization yet',
    sentence: 'You proved who you are, but this account is not (yet) part of the organization.',
    advice: administrator,
  },
  'act.denied': {
    status: 403,
    oauthError: 'access_denied',
    description: '{reason}',
    title: 'You cannot sign in here',
    sentence: 'A rule that the application runs at sign-in turned you away.',
    advice: administrator,
  },
  'act.registration_denied': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the registration was denied',
    title: 'The account was not opened',
    sentence: 'A rule that the application runs for new accounts turned you away.',
    advice: administrator,
  },
  'act.failed': {
    status: 500,
    oauthError: 'access_denied',
    description: '{message}',
    title: 'The application could not finish your sign-in',
    sentence: 'A rule that the application runs at sign-in did not finish. Nothing was changed.',
    advice: application,
  },
  'act.not_available': {
    status: 501,
    oauthError: 'access_denied',
    description: '{message}',
    title: 'The application could not finish your sign-in',
    sentence: 'A rule that the application runs at sign-in asks for something that this server does not have yet.',
    advice: application,
  },
  'act.busy': {
    status: 503,
    oauthError: 'temporarily_unavailable',
    description: 'too many Actions are running',
    title: 'Try again in a minute',
    sentence: 'The rules that the application runs at sign-in are all busy at the moment.',
    advice: 'Start again from the application.',
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
    advice: application,
  },
  'act.primary_user': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the primary user set by an Action does not hold the identity of this login',
    title: 'The application could not finish your sign-in',
    sentence: 'A rule that the application runs at sign-in chose an account that does not belong to this sign-in.',
    advice: application,
  },
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
  },
} as const satisfies Record<string, RefusalText>;

export type RefusalCode = keyof typeof REFUSALS;

/** The answer "no", as a value. `detail` is private: for the log, never for the person or the application. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly detail: string;
  /** `error_description` with its names filled in. */
  readonly description: string;
  /** What the tenant's code says to the person, instead of the table's sentence. */
  readonly sentence?: string;
  /** The tenant's code asked that the session of this browser ends. */
  readonly endsSession?: boolean;
}

/** Builds a refusal; `names` fills the placeholders of the description. */
export function refuse(code: RefusalCode, detail: string, names: Readonly<Record<string, string>> = {}): Refusal {
  const description = REFUSALS[code].description
    .replace(/\{(\w+)\}/g, (_all, name: string) => names[name] ?? name)
    // What the tenant's code says may have several lines; an `error_description` has one (RFC 6749 section 4.1.2.1).
    .replace(/\s+/g, ' ');
  return { kind: 'refused', code, detail, description };
}
