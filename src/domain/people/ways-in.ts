/**
 * Protects the last way into an organization. While `sso_rollout` is `required`, only a break-glass member may use a
 * password, so the last one must not be removed. The operators' organization keeps an owner who can sign in: nobody
 * else could make another owner. Pure; the callers decide when to check.
 */

/** The ways into an organization; at least one must remain. */
export interface WaysIn {
  readonly organizationId: string;
  readonly name: string;
  /** True when some member has the break-glass flag, under `required`. */
  readonly flagged: boolean;
  /** Some member with the flag is not blocked, and has a password at a connection that the organization enabled. */
  readonly usable: boolean;
  /** Some member was assigned the role of owner; only in the operators' organization. */
  readonly owned: boolean;
  /** Some owner is not blocked, and has an identity at a connection that the organization enabled. */
  readonly ownerCanSignIn: boolean;
}

const BREAK_GLASS = ['flagged', 'usable'] as const;
const OWNER = ['owned', 'ownerCanSignIn'] as const;

function lost(kept: readonly (keyof WaysIn)[], before: readonly WaysIn[], after: readonly WaysIn[]): readonly WaysIn[] {
  const had = new Map(before.map((state) => [state.organizationId, state]));
  return after.filter((state) => kept.some((way) => had.get(state.organizationId)?.[way] === true && !state[way]));
}

/** Returns the organizations that lost the flag, or their last usable break-glass member, by a change. */
export function lostBreakGlass(before: readonly WaysIn[], after: readonly WaysIn[]): readonly WaysIn[] {
  return lost(BREAK_GLASS, before, after);
}

/** True when a change removed the last owner, or the last one who can sign in. */
export function lostOwner(before: readonly WaysIn[], after: readonly WaysIn[]): boolean {
  return lost(OWNER, before, after).length > 0;
}
