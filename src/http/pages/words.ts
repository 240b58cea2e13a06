/** The sentences that routes put beside a field or on top of a form. No blame, no exclamation mark; none tells whether an account exists. */

export const FIELD_MESSAGES = {
  addressInvalid: 'Type your email address, such as name@company.com.',
  addressElsewhere: 'There is no sign-in for this address here. Check it, or choose another way below.',
  addressOfNobody: 'No organization signs people in with this address. Check it, or ask the person who invited you.',
  passwordMissing: 'Type your password.',
  ownPasswordWrong: 'This is not the password of your account here.',
  accountNotOpened:
    'We could not open an account with this address. If you have one already, sign in with its password.',
  codeWrong: 'This code does not fit, or it is older than ten minutes.',
  codeUnsent: 'Many codes were asked for within an hour, so no further one was sent. Try again in an hour.',
  codeUnsentAgain:
    'Many codes were asked for within an hour, so no further one was sent. The last one fits for ten minutes; after that, try again in an hour.',
  linkUnsent:
    'A link was asked for many times within an hour, so no further one was sent. Look for the last mail, or try again in an hour.',
  organizationMissing: 'Choose one of your organizations.',
  organizationUnknown: 'We do not know this organization. Check the name, or ask the person who invited you.',
} as const;
