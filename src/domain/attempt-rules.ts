/**
 * The tenant's own numbers for the limits of tries (login/attempt-limits.ts). Numbers and networks only: counts
 * nothing. Must never allow more guesses at one account than {@link MOST_FROM_ANYWHERE}, whatever the tenant sets.
 */

/**
 * Maximum number of wrong passwords for one address, from everywhere, in one window. NIST SP 800-63B section 5.2.2
 * allows 100 in a row.
 */
export const MOST_FROM_ANYWHERE = 100;

/**
 * Maximum number of wrong passwords for one address from one network. If it could use up the whole limit, it could lock
 * the owner out.
 */
export const MOST_FROM_NETWORK = MOST_FROM_ANYWHERE / 2;

/** Longest window of a limit, in seconds: a day. */
export const LONGEST_WINDOW_SECONDS = 86_400;

/** Maximum number of tries from one machine for all addresses, and the window in which they count. */
export interface NetworkRule {
  readonly most: number;
  readonly windowSeconds: number;
}

/** The kinds of tries whose limit for a whole network the tenant may set. */
export type RuledAttempt = 'password' | 'sign-up-mail';

export interface AttemptRules {
  /** Wrong passwords for one address: `most` from one machine, or from all machines together. */
  readonly passwords?: { readonly most: number; readonly countedFor: 'machine' | 'everywhere' };
  /**
   * Limits for one network's tries at all addresses, by kind of try. For a kind without an entry the server's own
   * apply.
   */
  readonly forNetworks: Readonly<Partial<Record<RuledAttempt, NetworkRule>>>;
  /** True: people whose address reached a limit get a mail with a link that lifts the limit. */
  readonly mailsOwner?: boolean;
  /**
   * Networks that the tenant trusts, as CIDR or single addresses. Their wrong passwords for an address have a counter
   * of their own.
   */
  readonly trustedForAddress: readonly string[];
  /** Networks without a limit on their tries for all addresses together. */
  readonly trustedForNetwork: readonly string[];
}

/** The rules of a tenant that set none: this server's own limits. */
export const OWN_LIMITS: AttemptRules = { forNetworks: {}, trustedForAddress: [], trustedForNetwork: [] };
