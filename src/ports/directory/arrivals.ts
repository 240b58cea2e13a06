/**
 * Port: members who have entered an organization by one of its connections, with the identity provider's claims about
 * them. Reads only.
 */
import type { Email } from '../../domain/people/email.js';

/** A person's id and names, for search and display. */
export interface Arrival {
  readonly userId: string;
  readonly email: Email | undefined;
  readonly name: string | undefined;
}

/** A member with all data that a condition of auto-membership reads, from their last sign-in by the connection. */
export interface KnownArrival extends Arrival {
  /** The address that a login by the connection would accept as proved. */
  readonly provedEmail: Email | undefined;
  /** Claims about the person; those about the token itself are not stored. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Names of the person's groups in the company's directory. */
  readonly scimGroups: readonly string[];
}

/** Where {@link ArrivalDirectory.listArrivals} continues. */
export interface ArrivalPlace {
  readonly createdAt: string;
  readonly userId: string;
}

export interface ArrivalDirectory {
  /**
   * Finds at most `limit` whose address begins with `startsWith` (any with ''), by address. Searches a limited number
   * of people: some of very many are found only with more of the address.
   */
  findArrivals(
    organizationId: string,
    connectionId: string,
    search: { readonly startsWith: string; readonly limit: number },
  ): Promise<readonly Arrival[]>;
  /** Returns those of these users who have entered by the connection and are members, unordered. */
  getArrivals(
    organizationId: string,
    connectionId: string,
    userIds: readonly string[],
  ): Promise<readonly KnownArrival[]>;
  /** Lists the next `limit` after a position, in the order of the list of members. `next` is absent after the last. */
  listArrivals(
    organizationId: string,
    connectionId: string,
    page: { readonly after: ArrivalPlace | undefined; readonly limit: number },
  ): Promise<{ readonly items: readonly KnownArrival[]; readonly next?: ArrivalPlace }>;
  /** Returns the last login that the provider proved, as far as the log reaches back: its claims were stored then. */
  findLastProof(userId: string, connectionId: string): Promise<Date | undefined>;
}
