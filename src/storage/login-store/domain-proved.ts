/**
 * The condition under which a domain counts as proved (linking rule, part 4). Shared by all reads of a login and by
 * the commit, which checks again.
 */

/**
 * SQL condition: the domain in row `domain` is verified and its proof has not expired at `now` (both are expressions).
 * Compares the expiry itself: an expired proof does not count, even if no node has checked the domain since.
 */
export function domainProved(domain: string, now: string): string {
  return `${domain}.status = 'verified' and (${domain}.expires_at is null or ${domain}.expires_at > ${now})`;
}
