/** The sentences beside a field or on top of a form. No blame, no exclamation mark; none tells whether an account exists. */

export const FIELD_MESSAGES = {
  addressInvalid: 'Type your email address, such as name@company.com.',
  addressElsewhere: 'There is no sign-in for this address here. Check it, or choose another way below.',
  addressOfNobody: 'No organization signs people in with this address. Check it, or ask the person who invited you.',
  passwordMissing: 'Type your password.',
  ownPasswordWrong: 'Wrong password. Try again, or ask for a code by email.',
  accountNotOpened:
    'We could not open an account with this address. If you have one already, sign in with its password.',
  codeWrong: 'This code is wrong, or it is older than ten minutes.',
  codeUnsent: 'Too many codes were asked for in the last hour, so we did not send another one. Try again in an hour.',
  codeUnsentAgain:
    'Too many codes were asked for in the last hour, so we did not send another one. Use the last one within ten minutes, or try again in an hour.',
  linkUnsent:
    'Too many links were asked for in the last hour, so we did not send another one. Look for the last mail, or try again in an hour.',
  organizationMissing: 'Choose one of your organizations.',
  organizationUnknown: 'We do not know this organization. Check the name, or ask the person who invited you.',
} as const;

/** Pages of single logout: a request of the company's sign-in, and its answer, that could not be checked. */
export const LOGOUT_PAGES = {
  request: {
    title: 'Signing out did not work',
    sentence: 'The message of your company’s sign-in could not be checked.',
    advice: 'Nothing was changed here. Sign out in the application, or tell its support team the reference number.',
  },
  answer: {
    title: 'You are signed out here',
    sentence: 'The answer of your company’s sign-in could not be checked, so you may still be signed in there.',
    advice: 'On a computer that you share, close the browser.',
  },
} as const;
