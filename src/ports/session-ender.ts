/** Port: revokes sessions outside a login (logout, a changed password, another person in the same browser). */

/** The sessions that an identity provider asks to revoke. */
export interface EndedAtIdp {
  /** Only sessions of this connection are revoked. */
  readonly connectionId: string;
  /** The NameID of the person at the IdP. */
  readonly name: string;
  /** SessionIndexes; empty for all of the person's sessions. A session whose IdP gave no index matches every index. */
  readonly indexes: readonly string[];
  /** Sessions from assertions issued later (by the IdP's clock) stay, so a repeated request revokes nothing new. */
  readonly issuedUntil: Date;
}

export interface SessionEnder {
  /**
   * Revokes one session. Refresh tokens stay: offline access outlives a session, as on Auth0. Does nothing without the
   * session.
   */
  endSession(userId: string, sessionHash: Buffer): Promise<void>;
  /** Revokes a session with its codes and refresh tokens, on an Action's request. */
  revokeSession(userId: string, sessionHash: Buffer, at: Date): Promise<void>;
  /**
   * Revokes the sessions here that belong to these sessions at an identity provider, with their codes and refresh
   * tokens. Writes nothing else. @returns the users whose sessions were revoked
   */
  endIdpSessions(ended: EndedAtIdp, at: Date): Promise<readonly string[]>;
}
