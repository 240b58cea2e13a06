/** Port: the organizations that may know a person who is a member of none. Part of the login store's reads. */
import type { Email } from '../domain/people/email.js';

export interface LikelyQuery {
  readonly connectionId: string;
  /** The subject of an external identity. */
  readonly subject: string | undefined;
  readonly email: Email | undefined;
}

export interface LikelyOrganizations {
  /**
   * Ids of the organizations with a matching member, invitation or pre-provisioned identity, or with auto-membership;
   * without blocked ones. At most 20; those with auto-membership alone come last.
   */
  readonly candidates: readonly string[];
  /** Number of organizations with auto-membership for the connection. */
  readonly autoMemberships: number;
  /** The id of the organization that enabled the connection, if there is only one. */
  readonly onlyOne: string | undefined;
}
