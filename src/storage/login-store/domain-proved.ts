/** When a domain counts as proved (linking rule, part 1.4). One condition for every read of a login, and for the commit, which checks again. */

/**
 * SQL: the domain in row `domain` is verified and its proof has not ended at `now` (both expressions). Reads the end itself: a proof that
 * ended counts no more, even where no node has looked at it since.
 */
export function domainProved(domain: string, now: string): string {
  return `${domain}.status = 'verified' and (${domain}.expires_at is null or ${domain}.expires_at > ${now})`;
}
