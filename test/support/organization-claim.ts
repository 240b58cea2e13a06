/**
 * The check of Auth0's SDKs after a login that named an organization (auth0-auth-js, auth0-spa-js): an id is compared exactly with
 * `org_id`, a name without regard to case with `org_name`.
 */

/** Throws when the claims do not belong to the organization that was asked for. */
export function checkOrganizationClaim(
  claims: Readonly<Record<string, unknown>>,
  organization: string | undefined,
): void {
  if (organization === undefined) return;
  const [claim, wanted] = organization.startsWith('org_')
    ? ['org_id', organization]
    : ['org_name', organization.toLowerCase()];
  const got = claims[claim];
  if (typeof got !== 'string' || got === '') throw new Error(`${claim} must be a string present in the ID token`);
  if (got !== wanted) throw new Error(`${claim} claim mismatch in the ID token: expected ${wanted}, found ${got}`);
}
