/** The refusals of the step admit (whether the account may enter the organization). Data alone; row.ts describes the columns. */
import { ADMINISTRATOR, APPLICATION } from './advice.js';
import type { RefusalRow } from './row.js';

export const ADMIT = {
  'admit.organization_needed': {
    status: 400,
    oauthError: 'invalid_request',
    description: 'parameter organization is required for this connection',
    title: 'No organization was named',
    sentence: 'Your company signs you in for an organization, and the application did not say for which.',
    advice: APPLICATION,
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
    advice: ADMINISTRATOR,
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
    advice: ADMINISTRATOR,
  },
} as const satisfies Readonly<Record<string, RefusalRow>>;
