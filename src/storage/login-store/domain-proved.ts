/**
 * The condition under which a domain counts as proved (linking rule, part 4). Shared by all reads of a login and by
 * the commit, which checks again.
 */

/**
 * SQL condition: the proof in row `domain` counts for the connection in row `connection`. For a connection that a
 * customer made only what this organization proved by DNS counts, not an operator's word (ADR 0102).
 */
export function proofCountsFor(domain: string, connection: string): string {
  const maker = `${connection}.managed_by_organization`;
  return `(${maker} is null or ${domain}.proof = 'dns' and ${domain}.organization_id = ${maker})`;
}

/**
 * SQL condition: the domain in row `domain` is verified and its proof has not expired at `now` (both are expressions).
 * Compares the expiry itself: an expired proof does not count, even if no node has checked the domain since.
 */
export function domainProved(domain: string, now: string): string {
  return `${domain}.status = 'verified' and (${domain}.expires_at is null or ${domain}.expires_at > ${now})`;
}
