/** Addresses of the hosted pages. `state` names the transaction; the cookie of that name holds it. */

/** Path and query of a page of the transaction. */
export function pageUrl(path: string, transactionId: string, more: Readonly<Record<string, string>> = {}): string {
  return `${path}?${new URLSearchParams({ state: transactionId, ...more }).toString()}`;
}
