/** Whether the address of a user counts as proved in one organization. One rule for what is read and for what the commit looks at again. */

/**
 * Part 9 of the linking rule, as SQL: a mailed code or link and the operator's word count everywhere; an organization's word in that
 * organization alone and while it has proved the domain; an identity provider's word by itself nowhere. `user` is a row with `email`
 * and `email_vouched_by`, `organization` an expression for the organization's id (null without one). Never null.
 */
export function addressProved(user: string, organization: string): string {
  // A domain is proved by one organization at a time: asked for by the domain, the index of proved domains has the one row.
  return `coalesce(${user}.email_vouched_by in ('mail', 'operator') or ${user}.email_vouched_by = ${organization} and ${organization} = (
    select d.organization_id from discovery_domains d where d.status = 'verified' and d.domain = split_part(${user}.email, '@', 2)), false)`;
}
