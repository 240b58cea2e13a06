/** Known to the model's administrators about the server. Holds no rule. */

/** Real ids and the model's names for them. */
export interface Known {
  readonly organizationIds: Record<string, string>;
  /** By the model's name: real id, and the parameters of the link that was mailed. */
  readonly invitations: Map<string, { id: string; link: Readonly<Record<string, string>> }>;
  readonly invitationNames: Map<string, string>;
  /** Links that set up a second factor, in the order in which they were made. */
  readonly factorLinks: { readonly url: string; readonly hash: Buffer }[];
  /** Tokens for the directories of customers, in the order in which they were made. */
  readonly ownTokens: { readonly id: string; readonly token: string; readonly connectionId: string }[];
  /** Users whose id the server drew: the model's name by the real one. */
  readonly names: Map<string, string>;
}
