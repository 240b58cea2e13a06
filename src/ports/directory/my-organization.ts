/**
 * Port: what the My Organization API needs to know of one organization (ADR 0099): the present rights of a member, and
 * the roles that members may give. Every method takes the organization of the token first. Decides nothing.
 */
import type { RoleRecord } from './members.js';
import type { Page, PageRequest } from './page.js';

/** A person's access token for the My Organization API, as a request presents it. */
export interface OrganizationToken {
  readonly userId: string;
  readonly organizationId: string;
  readonly clientId: string;
  readonly audience: string;
}

/** The present state of a member at an application. */
export interface OrganizationAccess {
  readonly email: string | undefined;
  readonly name: string | undefined;
  /** Everything that the person's roles in the organization permit at this API. */
  readonly permissions: readonly string[];
  /** Everything that the application may do for people at this API. */
  readonly clientScopes: readonly string[];
  readonly webOrigins: readonly string[];
  readonly callbacks: readonly string[];
  /** The application's `my_organization_configuration`; undefined when it has none. */
  readonly configuration: Readonly<Record<string, unknown>> | undefined;
}

/** An identity provider's answer that could not be used, at the last sign-in through its connection. */
export interface UnusableAnswer {
  readonly connectionId: string;
  readonly at: Date;
  /** Code of the refusal, such as `authenticate.idp_invalid`. */
  readonly code: string;
  /** The check that failed, such as `token.refused`, and what was found. */
  readonly check: string;
  readonly detail: string;
}

export interface MyOrganizationDirectory {
  /**
   * Reads the state in one statement per call. Undefined unless the organization is not blocked and not the operators',
   * lets the application's people in, the person is a member, not blocked, and can still sign in there, and the
   * application has a grant for people: a token gives no right that its owner has lost.
   */
  findAccess(token: OrganizationToken): Promise<OrganizationAccess | undefined>;
  /**
   * Reads the same in a transaction, and locks it: a change that takes a right away waits until the transaction is over.
   * Writes of this API in one organization wait for each other.
   */
  holdAccess(token: OrganizationToken): Promise<OrganizationAccess | undefined>;
  /** Returns what a member's roles permit at the API; nothing for somebody who is no member. */
  listPermissions(organizationId: string, userId: string, audience: string): Promise<readonly string[]>;
  /** Returns, for each role that members may give, what it permits at the API. Leaves the other roles out. */
  findAssignable(roleIds: readonly string[], audience: string): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Lists the roles that members may give, by age; with `name` those whose name contains it. */
  listAssignable(filter: { readonly name?: string }, page: PageRequest): Promise<Page<RoleRecord>>;
  /**
   * Returns whether a connection has people (`any`), and whether some of those whose account would be deleted with it are
   * members of other organizations (`elsewhere`). Locks these people: until the transaction finishes nobody becomes a
   * member elsewhere.
   */
  findPeopleOf(
    connectionId: string,
    organizationId: string,
  ): Promise<{ readonly any: boolean; readonly elsewhere: boolean }>;
  /**
   * Lists the connections whose last sign-in in the organization ended with a provider's unusable answer, since the given
   * time. Reads the newest 500 lines of the organization's log at most.
   */
  listUnusableAnswers(
    organizationId: string,
    connectionIds: readonly string[],
    since: Date,
  ): Promise<readonly UnusableAnswer[]>;
  /** True when a member who can sign in has this permission at the API. */
  hasHolder(organizationId: string, audience: string, permission: string): Promise<boolean>;
}
