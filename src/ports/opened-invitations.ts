/**
 * Port: invitations whose mailed link was opened, and the counts about them. Never changes who may accept an
 * invitation, or whether: only the commit of a login does. Nobody can cause a write without the ticket of a pending
 * invitation. An invitation has at most one write of each count in a minute, however often it is opened.
 */

/** An invitation as its link needs it. */
export interface LinkedInvitation {
  readonly organization: {
    readonly id: string;
    readonly name: string;
    readonly metadata: Readonly<Record<string, unknown>>;
  };
  readonly clientId: string;
  /** Address where its application starts a login, with placeholders; undefined if there is none. */
  readonly loginRoute: string | undefined;
  readonly expiresAt: Date;
  readonly consumedAt: Date | undefined;
}

export interface OpenedInvitations {
  /** Finds the invitation with this ticket, also a used or expired one. Throws {@link Fault}. */
  find(ticket: string): Promise<LinkedInvitation | undefined>;
  /** Counts that the link of a pending invitation was opened. Throws {@link Fault}. */
  countOpened(ticket: string, at: Date): Promise<void>;
  /**
   * Counts that a browser which had opened the link came to sign in at this application without the invitation. Throws
   * {@link Fault}.
   */
  countCameWithout(ticket: string, clientId: string, at: Date): Promise<void>;
}
