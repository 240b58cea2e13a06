/**
 * The tenant's own numbers for the limits of tries (login/attempt-limits.ts). Numbers and networks only: counts nothing. Must never allow
 * more guesses at one account than {@link MOST_FROM_ANYWHERE}, whatever the tenant says.
 */

/** Wrong passwords for one address, from everywhere, in one window. NIST SP 800-63B section 5.2.2 allows 100 in a row. */
export const MOST_FROM_ANYWHERE = 100;

/** Of these, most from one network: else one network could use up what everybody has, and shut the owner out. */
export const MOST_FROM_NETWORK = MOST_FROM_ANYWHERE / 2;

/** Longest time that a limit may count, in seconds: a day. */
export const LONGEST_WINDOW_SECONDS = 86_400;

/** How often somebody on one machine may do a thing for any address. */
export interface NetworkRule {
  readonly most: number;
  readonly windowSeconds: number;
}

/** The kinds of tries whose limit for a whole network the tenant may set. */
export type RuledAttempt = 'password' | 'sign-up-mail';

export interface AttemptRules {
  /** Wrong passwords for one address: `most` from one machine, or from all machines together. */
  readonly passwords?: { readonly most: number; readonly countedFor: 'machine' | 'everywhere' };
  /** By kind; this server's own numbers where there is none. */
  readonly forNetworks: Readonly<Partial<Record<RuledAttempt, NetworkRule>>>;
  /** A person whose address reached a limit is told by mail, with a link that lifts it. */
  readonly mailsOwner?: boolean;
  /** Networks, as CIDR or single addresses, whose wrong passwords for an address count apart from those of everybody else. */
  readonly trustedForAddress: readonly string[];
  /** Networks whose tries for any address are not counted together. */
  readonly trustedForNetwork: readonly string[];
}

/** This server's own limits, nothing else. */
export const OWN_LIMITS: AttemptRules = { forNetworks: {}, trustedForAddress: [], trustedForNetwork: [] };
