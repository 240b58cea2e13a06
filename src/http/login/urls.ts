/**
 * Addresses of the hosted pages. Their `state` names the login transaction; the cookie of that name holds the
 * transaction.
 */

/** Path that sends the person again to the company's sign-in. */
export const COMPANY_PATH = '/u/login/company';

/** "Is this you?", shown when the IdP returned another address than was typed. */
export const CONFIRM_PATH = '/u/login/confirm';

/** Returns path and query of a page of the transaction. */
export function pageUrl(path: string, transactionId: string, more: Readonly<Record<string, string>> = {}): string {
  return `${path}?${new URLSearchParams({ state: transactionId, ...more }).toString()}`;
}
