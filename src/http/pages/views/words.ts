/** Words that routes and views share: the sentences beside a field. No blame, no exclamation mark. */

/** What stands beside a field. Routes put these into `errors`; none tells whether an account exists. */
export const FIELD_MESSAGES = {
  usernameMissing: 'Enter your email address',
  usernameInvalid: 'Enter an email address such as name@example.com',
  passwordMissing: 'Enter your password',
  passwordWrong: 'Email address and password do not match',
  newPasswordMissing: 'Choose a password',
  newPasswordShort: (minimumLength: number) => `Use ${minimumLength} characters or more`,
  newPasswordKnown: 'This password is on lists of leaked passwords. Choose another one',
  nameMissing: 'Enter your name',
  codeMissing: 'Enter the six digits from the email',
  codeWrong: 'That is not the code of the last email. Check the digits, or ask for a new one',
  codeExpired: 'This code has expired. Ask for a new one',
  organizationMissing: 'Enter the name of your organization',
  organizationUnknown: 'There is no organization of that name here. Check the spelling',
  tooMany: 'There were many attempts in a short time. Wait a few minutes, then go on',
} as const;
