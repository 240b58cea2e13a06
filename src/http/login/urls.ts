/** Addresses of the hosted pages. `state` names the transaction; the cookie of that name holds it. */

/** Repeats the company's sign-in that the person was on their way to. */
export const COMPANY_PATH = '/u/login/company';

/** "Is this you?", shown when the IdP returned another address than was typed. */
export const CONFIRM_PATH = '/u/login/confirm';

/** Path and query of a page of the transaction. */
export function pageUrl(path: string, transactionId: string, more: Readonly<Record<string, string>> = {}): string {
  return `${path}?${new URLSearchParams({ state: transactionId, ...more }).toString()}`;
}
