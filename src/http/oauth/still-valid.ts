/**
 * Checks again whether the person of a code or refresh token may still enter. Refuses after the removal of a member, a
 * blocked user, a closed organization, a disabled connection, an unlinked identity, or an application closed to
 * organizations: at the next refresh. Reads nothing itself.
 */
import type { LoginGrant, TokenClient } from '../../ports/token-store.js';
import type { TokenCheck } from './checks.js';
import { invalidGrant, type OAuthRefusal } from './refusals.js';

const no = (check: TokenCheck, description: string) => invalidGrant(description, { check });

/**
 * Checks the application's `organization_usage`, in the words of /authorize. Attack: an application that was closed to
 * organizations, or to people without one, keeps refreshing its earlier tokens.
 */
function checkOrganizationUsage(
  { organizationUsage }: TokenClient,
  { organization }: LoginGrant,
): OAuthRefusal | undefined {
  if (organization !== undefined && organizationUsage === 'deny')
    return no('standing.organization_not_allowed', 'parameter organization is not allowed for this client');
  if (organization === undefined && organizationUsage === 'require')
    return no('standing.organization_required', 'parameter organization is required for this client');
  return undefined;
}

/** Returns the refusal of the first check that fails; `client` is the application that presents the grant. */
export function checkStillValid(client: TokenClient, grant: LoginGrant): OAuthRefusal | undefined {
  const { user, organization } = grant;
  const closed = checkOrganizationUsage(client, grant);
  if (closed) return closed;
  if (grant.userBlocked) return no('standing.user_blocked', 'user is blocked');
  if (organization?.blocked) return no('standing.organization_blocked', 'the organization is blocked');
  if (!grant.connectionEnabled)
    return no(
      'standing.connection_not_enabled',
      `the connection is not enabled for the ${organization ? 'organization' : 'client'}`,
    );
  if (!grant.identityBound)
    return no('standing.identity_unbound', 'the identity that signed in does not belong to the user any more');
  // Otherwise an organization's identity provider would keep access to the whole account that was linked to it (linking
  // rule, part 8).
  if (!grant.mayLackOrganization)
    return no('standing.organization_needed', 'parameter organization is required for this connection');
  if (grant.ssoRequired) return no('standing.sso_required', 'the organization requires its own sign-in');
  if (!grant.openToPerson) return no('standing.not_in_pilot', 'the connection is for a pilot group');
  if (organization && !grant.isMember)
    return no('standing.not_a_member', `user ${user.userId} is not part of the ${organization.id} organization`);
  return undefined;
}

/** Returns the people and objects that a refusal is about, for the log. */
export function subjectOf({ user, organization, connectionId }: LoginGrant) {
  return {
    userId: user.userId,
    ...(user.email !== undefined && { email: user.email }),
    connectionId,
    ...(organization && { organizationId: organization.id }),
  };
}
