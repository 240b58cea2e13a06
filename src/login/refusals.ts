/**
 * The table of every refusal of the pipeline. A code is `<step>.<reason>`. `oauthError` and `description` go to the
 * application (Auth0's texts where it has one); the person reads `title`, `sentence` and `advice`. The private detail
 * belongs in the trace and the log, never here. A sentence must not tell whether an account exists. docs/errors.md
 * lists the same codes; a test keeps the two equal.
 */

interface Row {
  /** HTTP status of the page, for refusals that are shown here. */
  readonly status: number;
  /** Error code of OAuth 2.0 (RFC 6749 section 4.1.2.1) or OpenID Connect (section 3.1.2.6). */
  readonly oauthError: string;
  /** `error_description` for the application. */
  readonly description: string;
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
  /**
   * Shows the refusal on a page here, because the person can act on it. Absent: the application gets it, as on Auth0.
   * `without_way_back`: the application's address is no longer trusted, so the page does not lead there (open
   * redirect).
   */
  readonly shown?: 'with_way_back' | 'without_way_back';
  /** True when the login in this browser cannot continue: the page has no link for it. */
  readonly over?: true;
}

const application =
  'Go back to the application and try again. If it happens again, tell its support team the reference number.';
const administrator = 'Ask an administrator of your organization to invite you, and quote the reference number.';

/**
 * Sentences that replace the table's when a whole network has reached its limit: of wrong passwords, or of answers in
 * the name of the company's sign-in. Another address or a new password would not help.
 */
export const LIMIT_SENTENCES = {
  passwords: 'There were too many wrong passwords in a short time from your network, so we stop for a while.',
  answers:
    'There were too many sign-ins in a short time from your network that did not succeed, so we stop for a while.',
  /** Replaces the advice when the tenant's own limit lasts for hours. */
  later: 'Try again tomorrow, or from another network. If you cannot wait, ask your administrator.',
} as const;

export const REFUSALS = {
  'identify.unknown_client': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'Unknown client',
    title: 'This application is not known here',
    sentence: 'The application that sent you is not registered with this sign-in server.',
    advice: application,
    shown: 'without_way_back',
    over: true,
  },
  'identify.invalid_request': {
    status: 400,
    oauthError: 'invalid_request',
    description: '{description}',
    title: 'This sign-in request cannot be used',
    sentence: 'The application that sent you made a request that we cannot trust, so we did not send you back to it.',
    advice: application,
  },
  'identify.callback_mismatch': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'Callback URL mismatch',
    title: 'This sign-in request cannot be used',
    sentence: 'The application that sent you made a request that we cannot trust, so we did not send you back to it.',
    advice: application,
    shown: 'without_way_back',
    over: true,
  },
  'identify.unknown_audience': {
    status: 400,
    oauthError: 'access_denied',
    description: 'Service not found: {audience}',
    title: 'This sign-in request cannot be used',
    sentence: 'The application asked for access to something that is not known here.',
    advice: application,
  },
  'identify.api_closed': {
    status: 400,
    oauthError: 'access_denied',
    description: 'No application is allowed to access "{audience}".',
    title: 'This sign-in request cannot be used',
    sentence: 'The application asked for access to something that no application may use.',
    advice: application,
  },
  'identify.api_not_granted': {
    status: 400,
    oauthError: 'unauthorized_client',
    description:
      'Client is not authorized to access "{audience}". You need to create a "client-grant" with subject_type "user" for this API.',
    title: 'This sign-in request cannot be used',
    sentence: 'The application asked for access to something that it may not use.',
    advice: application,
  },
  'identify.organization_required': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'parameter organization is required for this client',
    title: 'No organization was named',
    sentence: 'The application has to say which organization you want to sign in to, and it did not.',
    advice: application,
  },
  'identify.organization_not_allowed': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'parameter organization is not allowed for this client',
    title: 'This application does not use organizations',
    sentence: 'The application named an organization, but it is set up to work without organizations.',
    advice: application,
  },
  'identify.organization_not_an_id': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'authorization request parameter organization must be an organization id',
    title: 'The organization was not understood',
    sentence: 'The application named the organization by its name. Here it has to send the id.',
    advice: application,
  },
  'identify.unknown_organization': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'authorization request parameter organization is invalid',
    title: 'This organization is not known here',
    sentence: 'There is no organization of the name or id that the application sent.',
    advice: application,
  },
  'identify.organization_name': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'authorization request parameter organization {problem}',
    title: 'This organization is not known here',
    sentence: 'The application sent a name that no organization can have.',
    advice: application,
  },
  'identify.organization_not_chosen': {
    status: 401,
    oauthError: 'interaction_required',
    description: 'the organization has to be chosen',
    title: 'Choose an organization',
    sentence: 'The application needs to know which organization you want to sign in to, and could not ask you.',
    advice: 'Start again from the application.',
  },
  'identify.organization_blocked': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the organization is blocked',
    title: 'This organization is closed',
    sentence: 'Nobody can sign in to this organization at the moment.',
    advice: administrator,
  },
  'identify.invitation_not_found': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'invitation not found or already used',
    title: 'This invitation cannot be used',
    sentence: 'The invitation was already used, was withdrawn, or is too old.',
    advice:
      'If you accepted it already, sign in as usual. Otherwise ask the person who invited you for a new invitation.',
  },
  'identify.no_connections': {
    status: 400,
    oauthError: 'access_denied',
    description: 'no connections enabled for the organization',
    title: 'No sign-in is set up',
    sentence: 'This organization has not set up any way to sign in.',
    advice: administrator,
  },
  'identify.no_visible_connections': {
    status: 400,
    oauthError: 'access_denied',
    description: 'no connections enabled for the organization are visible',
    title: 'There is no sign-in to choose',
    sentence: 'This organization hides all of its ways to sign in, and the application did not choose one.',
    advice: administrator,
  },
  'identify.connection_not_enabled': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the connection is not enabled for the organization',
    title: 'You cannot sign in this way here',
    sentence: 'The way you signed in is not accepted here.',
    advice: 'Start again from the application and choose another way to sign in.',
  },
  'identify.connection_changed': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the connection changed during the login',
    title: 'Sign in again',
    sentence: 'The sign-in settings changed while you were signing in, so we could not use the answer.',
    advice: 'Start again from the application.',
    shown: 'with_way_back',
  },
  'identify.request_too_large': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'the login exceeds what may be kept of it',
    title: 'The request is too large',
    sentence: 'The application sent more data than a browser can keep during a sign-in.',
    advice: application,
  },
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
    shown: 'with_way_back',
    over: true,
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
  'resolve.seat_moved': {
    status: 403,
    oauthError: 'access_denied',
    description: 'this sign-in was replaced by another one of the same person',
    title: 'This sign-in is not in use any more',
    sentence: 'Your company gave you a new account at its sign-in service, and you came with the former one.',
    advice:
      'Sign out at your company, and come back with the new account. If there is none, ask an administrator of your organization, and quote the reference number.',
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
    shown: 'with_way_back',
  },
  'admit.not_in_pilot': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the connection is for a pilot group',
    title: 'Your company’s sign-in is not open to you yet',
    sentence: 'Your organization is trying out the sign-in of your company with a few people first.',
    advice: 'Sign in as you did before. If you should be among the first, ask an administrator of your organization.',
    shown: 'with_way_back',
  },
  'admit.invitation_needs_company': {
    status: 403,
    oauthError: 'access_denied',
    description: 'the organization requires its own sign-in',
    title: 'Your company signs you in',
    sentence:
      'This invitation is for a password. The organization now asks people of your company to sign in at the company.',
    advice: 'Ask for a new invitation that uses the sign-in of your company, and quote the reference number.',
    shown: 'with_way_back',
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
    shown: 'with_way_back',
    over: true,
  },
} as const satisfies Record<string, Row>;

export type RefusalCode = keyof typeof REFUSALS;

/** Returns the row of a code, with the type of all columns. */
export function rowOf(code: RefusalCode): Row {
  return REFUSALS[code];
}

/** A refusal. `detail` is private: for the log, never for the person or the application. */
export interface Refusal {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly detail: string;
  /** `error_description` with its placeholders filled. */
  readonly description: string;
  /** Replaces the description in the log: the message of an Action's exception, which only the tenant may read. */
  readonly logged?: string;
  /** The kind of network limit that was reached: its sentence replaces the table's. */
  readonly limit?: Exclude<keyof typeof LIMIT_SENTENCES, 'later'>;
  /** Set when the limit lasts longer than the advice of {@link REFUSALS} says. */
  readonly lasts?: 'long';
  /** The Action's text for the person, instead of the table's sentence. */
  readonly sentence?: string;
  /** True when an Action asked to revoke this browser's session. */
  readonly endsSession?: boolean;
}

/** Builds a refusal; `names` fills the placeholders of the description. */
export function refuse(code: RefusalCode, detail: string, names: Readonly<Record<string, string>> = {}): Refusal {
  const description = REFUSALS[code].description
    .replace(/\{(\w+)\}/g, (_all, name: string) => names[name] ?? name)
    // An Action's text may have several lines; an `error_description` has one (RFC 6749 section 4.1.2.1).
    .replace(/\s+/g, ' ');
  return { kind: 'refused', code, detail, description };
}
