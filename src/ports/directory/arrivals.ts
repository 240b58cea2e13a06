/** Port: members who have come into an organization by one of its connections, with what the identity provider said of them. Reads only. */
import type { Email } from '../../domain/people/email.js';

/** As a person is found and named. */
export interface Arrival {
  readonly userId: string;
  readonly email: Email | undefined;
  readonly name: string | undefined;
}

/** With all that a condition of auto-membership reads, as their last sign-in by the connection left it. */
export interface KnownArrival extends Arrival {
  /** The address that a login by the connection would take for proved. */
  readonly provedEmail: Email | undefined;
  /** Those about the person; those about the token itself are not kept. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** Names of their groups in the company's directory. */
  readonly scimGroups: readonly string[];
}

/** Where {@link ArrivalDirectory.listArrivals} goes on. */
export interface ArrivalPlace {
  readonly createdAt: string;
  readonly userId: string;
}

export interface ArrivalDirectory {
  /**
   * At most `limit`, by address, whose address begins with `startsWith` (any with ''). It looks at a limited number of people: of very many
   * who begin so, not all are found until more of the address is typed.
   */
  findArrivals(
    organizationId: string,
    connectionId: string,
    search: { readonly startsWith: string; readonly limit: number },
  ): Promise<readonly Arrival[]>;
  /** Those of these users who have come by the connection and are members, in no order. */
  getArrivals(
    organizationId: string,
    connectionId: string,
    userIds: readonly string[],
  ): Promise<readonly KnownArrival[]>;
  /** The next `limit` after a place, in the order of the list of members. `next` is absent after the last. */
  listArrivals(
    organizationId: string,
    connectionId: string,
    page: { readonly after: ArrivalPlace | undefined; readonly limit: number },
  ): Promise<{ readonly items: readonly KnownArrival[]; readonly next?: ArrivalPlace }>;
  /** The last login that the provider proved, as far as the log reaches back: then its claims were kept. */
  findLastProof(userId: string, connectionId: string): Promise<Date | undefined>;
}
