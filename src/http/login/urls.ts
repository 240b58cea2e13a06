/**
 * Addresses of the pages of a login. Their `state` is the id of the login transaction, which the browser's cookies
 * hold.
 */

/** Path that sends the person to the company's sign-in again. */
export const COMPANY_PATH = '/u/login/company';

/** Path of the page "Is this you?", shown when the identity provider returned another address than was typed. */
export const CONFIRM_PATH = '/u/login/confirm';

/** Path of the page that asks for a second factor. */
export const FACTOR_PATH = '/u/second-factor';

/** Path that takes a passkey's answer. */
export const PASSKEY_PATH = '/u/login/passkey';

/** Path of the page where an invitation is accepted. */
export const INVITATION_PATH = '/u/invitation';

/** Path of the page of a refused login, and the path of its button. */
export const REFUSED_PATH = '/u/refused';
export const REFUSED_CONTINUE_PATH = '/u/refused/continue';

/** Returns path and query of a page of this transaction. */
export function pageUrl(path: string, transactionId: string, more: Readonly<Record<string, string>> = {}): string {
  return `${path}?${new URLSearchParams({ state: transactionId, ...more }).toString()}`;
}
