/**
 * Port: pending and expired invitations into an organization. Accepted ones are not listed. Accepts none: only the
 * commit of a login does.
 */
import type { Invitation } from '../../domain/people/account.js';
import type { Page, PageRequest } from './page.js';

/** How often something happened, at most once a minute. */
interface LinkCount {
  readonly times: number;
  readonly lastAt: Date | undefined;
}

export interface InvitationRecord extends Invitation {
  /** The invitation's ticket in plain text, for the link. */
  readonly ticket: string;
  readonly createdAt: Date;
  /** Counts of the mailed link. */
  readonly opened: LinkCount & { readonly firstAt: Date | undefined };
  /** How often a browser that had opened the mailed link came to sign in without the invitation. */
  readonly cameWithout: LinkCount;
}

/** An invitation in the list for all organizations: with the organization's name, without the ticket. */
export interface InvitationSummary
  extends Pick<
    InvitationRecord,
    'id' | 'organizationId' | 'clientId' | 'connectionId' | 'inviterName' | 'inviteeEmail' | 'createdAt' | 'expiresAt'
  > {
  readonly organizationName: string;
  readonly organizationDisplayName: string | undefined;
}

export type InvitationState = 'waiting' | 'expired';

export interface InvitationDirectory {
  /**
   * Lists the invitations of all organizations except the operators'. Those that are `waiting` at `now` are sorted by
   * expiry, the next to expire first. Those that are `expired` begin with the last expired. Without `state` lists all,
   * the newest first.
   */
  listEverywhere(
    filter: {
      readonly state: InvitationState | undefined;
      readonly now: Date;
      /** Prefix of the address; the list is then in the order of addresses. */
      readonly startsWith?: string | undefined;
    },
    page: PageRequest,
  ): Promise<Page<InvitationSummary>>;
  /** Lists invitations by age; with `startsWith` only those whose address begins with it, by address. */
  list(
    organizationId: string,
    page: PageRequest,
    filter?: { readonly startsWith?: string | undefined },
  ): Promise<Page<InvitationRecord>>;
  find(organizationId: string, id: string): Promise<InvitationRecord | undefined>;
  create(invitation: InvitationRecord): Promise<void>;
  delete(organizationId: string, id: string): Promise<boolean>;
}
