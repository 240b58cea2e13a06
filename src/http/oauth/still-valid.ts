/**
 * Checks again, for a code or a refresh token, whether its person may still sign in. So a removed membership, a blocked
 * user, a blocked organization, a disabled connection or an unlinked identity ends access at the next refresh. The same
 * holds when the application may no longer be used with, or without, organizations. Reads nothing itself.
 */
import type { LoginGrant, TokenClient } from '../../ports/token-store.js';
import type { TokenCheck } from './checks.js';
import { invalidGrant, type OAuthRefusal } from './refusals.js';

const no = (check: TokenCheck, description: string) => invalidGrant(description, { check });

/**
 * Checks the application's `organization_usage`, with the texts that /authorize uses. Attack: an application that was
 * closed to organizations, or to people without one, keeps refreshing its earlier tokens.
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

/**
 * Returns the refusal of the first check that fails; undefined when none does. `client` is the application that
 * presents the grant.
 */
export function checkStillValid(client: TokenClient, grant: LoginGrant): OAuthRefusal | undefined {
  const { user, organization } = grant;
  const closed = checkOrganizationUsage(client, grant);
  if (closed) return closed;
  if (grant.userBlocked) return no('standing.user_blocked', 'user is blocked');
  if (organization?.blocked) return no('standing.organization_blocked', 'the organization is blocked');
  // Attack: an application that an organization removed keeps refreshing the tokens that it got before.
  if (!grant.applicationEntitled)
    return no('standing.application_not_entitled', 'the client is not enabled for the organization');
  if (!grant.connectionEnabled)
    return no(
      'standing.connection_not_enabled',
      `the connection is not enabled for the ${organization ? 'organization' : 'client'}`,
    );
  if (!grant.identityBound)
    return no('standing.identity_unbound', 'the identity that signed in does not belong to the user any more');
  // Without this check, an organization's identity provider would keep access to the whole account that was linked to
  // it (linking rule, part 8).
  if (!grant.mayLackOrganization)
    return no('standing.organization_needed', 'parameter organization is required for this connection');
  if (grant.ssoRequired) return no('standing.sso_required', 'the organization requires its own sign-in');
  if (!grant.openToPerson) return no('standing.not_in_pilot', 'the connection is for a pilot group');
  if (organization && !grant.isMember)
    return no('standing.not_a_member', `user ${user.userId} is not part of the ${organization.id} organization`);
  return undefined;
}

/** Returns the user, connection and organization that a refusal is about, for the log. */
export function subjectOf({ user, organization, connectionId }: LoginGrant) {
  return {
    userId: user.userId,
    ...(user.email !== undefined && { email: user.email }),
    connectionId,
    ...(organization && { organizationId: organization.id }),
  };
}
