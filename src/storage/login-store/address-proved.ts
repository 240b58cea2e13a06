/**
 * Decides whether a user's address counts as proved in one organization. Shared by the reads and by the commit, which
 * checks it again.
 */

import { domainProved } from './domain-proved.js';

/**
 * SQL condition: the organization vouches for its member's address, because its application delivered the link of the
 * invitation. `user` is a row with `user_id` and `email`, `organization` an expression for the organization's id, null
 * without one.
 */
function vouchedHere(user: string, organization: string): string {
  return `exists (select 1 from members v where v.organization_id = ${organization} and v.user_id = ${user}.user_id
    and v.vouched_email = ${user}.email)`;
}

/**
 * SQL for `email_verified` in an organization. `user` is a row of the users, `organization` as in {@link
 * addressProved}.
 */
export function emailVerified(user: string, organization: string): string {
  return `(${user}.email_verified or ${vouchedHere(user, organization)})`;
}

/**
 * Part 9 of the linking rule, as SQL. A mailed code or link and an operator's voucher count everywhere. An
 * organization's voucher counts only in that organization, and only while it has proved the domain or if it delivered
 * the link to its member. An identity provider's claim alone counts nowhere. `user` is a row with `user_id`, `email`
 * and `email_vouched_by`, `organization` an expression for the organization's id (null without one), `now` one for the
 * time. Never null.
 */
export function addressProved(user: string, organization: string, now: string): string {
  // Only one organization at a time has proved a domain, so the index of proved domains finds a single row by the domain.
  return `coalesce(${user}.email_vouched_by in ('mail', 'operator') or ${user}.email_vouched_by = ${organization} and ${organization} = (
    select d.organization_id from discovery_domains d where ${domainProved('d', now)} and d.domain = split_part(${user}.email, '@', 2))
    or ${vouchedHere(user, organization)}, false)`;
}
