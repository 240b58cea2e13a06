/**
 * Protects the last account that can enter an organization. While `sso_rollout` is `required`, only a break-glass
 * member may use a password, so the last one must not be removed. The operators' organization keeps an owner who can
 * sign in: nobody else could make another owner. Pure; the callers decide when to check.
 */

/** Tells whether people can still enter an organization, before or after a change. */
export interface WaysIn {
  readonly organizationId: string;
  readonly name: string;
  /** True when some member has the break-glass flag, while `sso_rollout` is `required`. */
  readonly flagged: boolean;
  /**
   * True when some member with the flag is not blocked, and has a password at a connection that the organization
   * enabled.
   */
  readonly usable: boolean;
  /** True when some member has the role of owner; only in the operators' organization. */
  readonly owned: boolean;
  /** True when some owner is not blocked, and has an identity at a connection that the organization enabled. */
  readonly ownerCanSignIn: boolean;
}

const BREAK_GLASS = ['flagged', 'usable'] as const;
const OWNER = ['owned', 'ownerCanSignIn'] as const;

function lost(kept: readonly (keyof WaysIn)[], before: readonly WaysIn[], after: readonly WaysIn[]): readonly WaysIn[] {
  const had = new Map(before.map((state) => [state.organizationId, state]));
  return after.filter((state) => kept.some((way) => had.get(state.organizationId)?.[way] === true && !state[way]));
}

/** Returns the organizations in which a change removed the last break-glass member, or the last one who can sign in. */
export function lostBreakGlass(before: readonly WaysIn[], after: readonly WaysIn[]): readonly WaysIn[] {
  return lost(BREAK_GLASS, before, after);
}

/** True when a change removed the last owner, or the last one who can sign in. */
export function lostOwner(before: readonly WaysIn[], after: readonly WaysIn[]): boolean {
  return lost(OWNER, before, after).length > 0;
}
