/** The Management API as tokens name it. */

/** Identifier of the Management API: what its tokens have as audience. */
export function managementAudience(origin: string): string {
  return `${origin}/api/v2/`;
}
