/** Advice to the person that several refusals share. Only data. */

export const APPLICATION =
  'Go back to the application and try again. If it happens again, tell its support team the reference number.';
export const ADMINISTRATOR = 'Ask an administrator of your organization to invite you, and quote the reference number.';
export const ASK_ADMINISTRATOR = 'Ask an administrator of your organization, and quote the reference number.';
