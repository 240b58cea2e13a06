/**
 * Keeps a way into an organization without its identity provider: while `sso_rollout` is `required`, only a break-glass member may use a
 * password, so the last one must not be removed. Pure; the callers decide when to check.
 */

/** The break-glass state of an organization under `required`. */
export interface BreakGlass {
  readonly organizationId: string;
  readonly name: string;
  /** A member has the flag. */
  readonly flagged: boolean;
  /** A member with the flag is not blocked, and has a password at a connection that the organization enabled. */
  readonly usable: boolean;
}

/** The organizations that lost the flag, or their last usable break-glass member, by a change. */
export function lostBreakGlass(before: readonly BreakGlass[], after: readonly BreakGlass[]): readonly BreakGlass[] {
  const had = new Map(before.map((state) => [state.organizationId, state]));
  return after.filter((state) => {
    const earlier = had.get(state.organizationId);
    return earlier !== undefined && ((earlier.flagged && !state.flagged) || (earlier.usable && !state.usable));
  });
}
