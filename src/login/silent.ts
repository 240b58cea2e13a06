/**
 * Part 7 of the linking rule: may an account be bound without a question? Pure. Never lets an address alone decide: it
 * has to be vouched for, and the account's own one proved.
 */
import type { Candidate } from '../ports/login-store.js';
import type { Vouching } from './vouching.js';

/** Rule 7, first half: returns why a member may not be bound silently; undefined when they may. */
export function whyNotSilent(member: Candidate, vouching: Vouching): string | undefined {
  if (!member.addressProved) return 'local_address_unverified';
  if (member.otherOrganizations > 0) return 'member_of_several_organizations';
  if (!vouching.byDomain && member.membership?.usedBefore !== true) return 'membership_never_used';
  return undefined;
}

/** Returns why a person whose provider changed may not be bound again silently; undefined when they may. */
export function whyProveAgain(candidate: Candidate, vouching: Vouching, connectionId: string): string | undefined {
  if (vouching.email === undefined || vouching.email !== candidate.account.email) return 'provider_changed';
  const isOurs = candidate.membership !== undefined || candidate.mainConnectionId === connectionId;
  return vouching.byDomain && isOurs ? whyNotSilent(candidate, vouching) : 'provider_changed';
}
