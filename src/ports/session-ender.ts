/** Port: ends sessions outside a login (logout, a changed password, another person at the same browser). */

/** The sessions that an identity provider has ended. */
export interface EndedAtIdp {
  /** Sessions of no other connection end. */
  readonly connectionId: string;
  /** The NameID. */
  readonly name: string;
  /** Empty for all of them. A session whose IdP gave no index is among those of any. */
  readonly indexes: readonly string[];
  /** Sessions from assertions that were issued later stay, by the IdP's clock: so a request that comes again ends nothing new. */
  readonly issuedUntil: Date;
}

export interface SessionEnder {
  /** Ends one session. Refresh tokens stay: offline access outlives a session, as on Auth0. Does nothing if it is gone already. */
  endSession(userId: string, sessionHash: Buffer): Promise<void>;
  /** Ends a session with its codes and refresh tokens: an Action has revoked it. */
  revokeSession(userId: string, sessionHash: Buffer, at: Date): Promise<void>;
  /**
   * Revokes the sessions that came from these sessions at an identity provider, with their codes and refresh tokens. Writes nothing else.
   * @returns the users whose sessions ended; nobody where there was none
   */
  endIdpSessions(ended: EndedAtIdp, at: Date): Promise<readonly string[]>;
}
