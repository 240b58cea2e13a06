/**
 * What people read when a sign-in request itself cannot be used (step 1), and what all texts of refusals have in common. Texts alone;
 * src/login/refusals.ts makes one table of them.
 */

export interface RefusalText {
  /** HTTP status of the page, where the refusal is shown here and not sent to the application. */
  readonly status: number;
  /** Error code of OAuth 2.0 (RFC 6749 section 4.1.2.1) or OpenID Connect (section 3.1.2.6). */
  readonly oauthError: string;
  /** `error_description` for the application. */
  readonly description: string;
  readonly title: string;
  readonly sentence: string;
  readonly advice: string;
}

export const application =
  'Go back to the application and try again. If it happens again, tell its support team the reference number.';
export const administrator = 'Ask an administrator of your organization to invite you, and quote the reference number.';

/** Instead of the table's sentence, where the limit of a whole network was passed: another address or a new password is of no use. */
export const TOO_MANY_FROM_NETWORK =
  'There were too many wrong passwords in a short time from your network, so we stop for a while.';

/** Instead of it where what was tried too often is no password: the company's sign-in, with answers that it did not give. */
export const TOO_MANY_ANSWERS =
  'There were too many sign-ins in a short time from your network that did not succeed, so we stop for a while.';

export const IDENTIFY_REFUSALS = {
  'identify.unknown_client': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'Unknown client',
    title: 'This application is not known here',
    sentence: 'The application that sent you is not registered with this sign-in server.',
    advice: application,
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
  },
  'identify.unknown_audience': {
    status: 400,
    oauthError: 'access_denied',
    description: 'Service not found: {audience}',
    title: 'This sign-in request cannot be used',
    sentence: 'The application asked for access to something that is not known here.',
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
  },
  'identify.request_too_large': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'the login exceeds what fits into cookies',
    title: 'The request is too large',
    sentence: 'The application sent more data than a browser can keep during a sign-in.',
    advice: application,
  },
} as const satisfies Record<string, RefusalText>;
