/** The names of this server's own APIs in tokens. */

/** Returns the identifier of the Management API: the audience of its tokens. */
export function managementAudience(origin: string): string {
  return `${origin}/api/v2/`;
}

/** Returns the identifier of the My Organization API, as on Auth0: the audience of its tokens. */
export function organizationAudience(origin: string): string {
  return `${origin}/my-org/`;
}

/** Returns the identifier of the My Account API, as on Auth0: the audience of its tokens. */
export function accountAudience(origin: string): string {
  return `${origin}/me/`;
}
