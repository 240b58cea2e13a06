/**
 * The way into an organization that does not lead over its identity provider: while `sso_rollout` is `required`, only a
 * break-glass member may use a password, so the last one must not go. Pure; who asks, and when, is the edge's business.
 */

/** What of it an organization under `required` has. */
export interface BreakGlass {
  readonly organizationId: string;
  readonly name: string;
  /** A member has the flag. */
  readonly flagged: boolean;
  /** One who has it is not blocked, and has a password at a connection that the organization enabled. */
  readonly usable: boolean;
}

/** Those organizations that had the flag, or somebody who can use it, before a change and have not after it. */
export function lostBreakGlass(before: readonly BreakGlass[], after: readonly BreakGlass[]): readonly BreakGlass[] {
  const had = new Map(before.map((state) => [state.organizationId, state]));
  return after.filter((state) => {
    const earlier = had.get(state.organizationId);
    return earlier !== undefined && ((earlier.flagged && !state.flagged) || (earlier.usable && !state.usable));
  });
}
