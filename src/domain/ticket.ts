/** Links by mail that prove an address or set a password: what the ticket in them is sealed for. No I/O. */

export type TicketPurpose = 'password' | 'verify_email';

/**
 * Context for `sealToken` and `openToken` (kernel/seal.ts). The fields are `u`, the user id, and `r`, a random secret whose
 * hash is the row's key. A ticket for one purpose does not open for the other.
 */
export function ticketContext(purpose: TicketPurpose): string {
  return `ticket:${purpose}`;
}
