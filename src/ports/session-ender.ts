/** Port: ends sessions outside a login (logout, a changed password, another person at the same browser). */

export interface SessionEnder {
  /** Ends one session. Refresh tokens stay: offline access outlives a session, as on Auth0. Does nothing if it is gone already. */
  endSession(userId: string, sessionHash: Buffer): Promise<void>;
  /** Ends a session with its codes and refresh tokens: an Action has revoked it. */
  revokeSession(userId: string, sessionHash: Buffer, at: Date): Promise<void>;
}
