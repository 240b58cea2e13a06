/** The name of the Management API in tokens. */

/** Returns the identifier of the Management API: the audience of its tokens. */
export function managementAudience(origin: string): string {
  return `${origin}/api/v2/`;
}
