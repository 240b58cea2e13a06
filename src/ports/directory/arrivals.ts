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
   * Finds at most `limit` members who have entered by the connection and whose address begins with `startsWith` (''
   * matches all), by address. Searches a limited number of people: in a very large organization some are found only
   * with more letters.
   */
  findArrivals(
    organizationId: string,
    connectionId: string,
    search: { readonly startsWith: string; readonly limit: number },
  ): Promise<readonly Arrival[]>;
  /** Returns those of `userIds` who are members and have entered by the connection, in no particular order. */
  getArrivals(
    organizationId: string,
    connectionId: string,
    userIds: readonly string[],
  ): Promise<readonly KnownArrival[]>;
  /**
   * Lists the next `limit` members who have entered by the connection, after the position `after`, in the order of the
   * list of members. `next` is absent after the last.
   */
  listArrivals(
    organizationId: string,
    connectionId: string,
    page: { readonly after: ArrivalPlace | undefined; readonly limit: number },
  ): Promise<{ readonly items: readonly KnownArrival[]; readonly next?: ArrivalPlace }>;
  /**
   * Returns when the person last signed in by the provider, whose claims were stored then. Looks only as far as the log
   * reaches back.
   */
  findLastProof(userId: string, connectionId: string): Promise<Date | undefined>;
}
