/** Whether a user's address counts as proved in one organization. One rule for the reads and for the commit, which checks it again. */

import { domainProved } from './domain-proved.js';

/**
 * Part 9 of the linking rule, as SQL: a mailed code or link and the operator's word count everywhere; an organization's word in that
 * organization alone and while it has proved the domain; an identity provider's word by itself nowhere. `user` is a row with `email`
 * and `email_vouched_by`, `organization` an expression for the organization's id (null without one), `now` one for the time. Never null.
 */
export function addressProved(user: string, organization: string, now: string): string {
  // Only one organization at a time has proved a domain, so the index of proved domains finds a single row by the domain.
  return `coalesce(${user}.email_vouched_by in ('mail', 'operator') or ${user}.email_vouched_by = ${organization} and ${organization} = (
    select d.organization_id from discovery_domains d where ${domainProved('d', now)} and d.domain = split_part(${user}.email, '@', 2)), false)`;
}
