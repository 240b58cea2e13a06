/**
 * Checks whether the person of a code or refresh token may still enter: the facts that the login relied on are checked again. A removed
 * member, a blocked user, a closed organization, a connection switched off or an undone identity ends refresh at once. Reads nothing
 * itself.
 */
import type { LoginGrant } from '../../ports/token-store.js';
import type { TokenCheck } from './checks.js';
import { invalidGrant, type OAuthRefusal } from './refusals.js';

/** The refusal of the first check that fails. */
export function checkStanding(grant: LoginGrant): OAuthRefusal | undefined {
  const { user, organization } = grant;
  const no = (check: TokenCheck, description: string) => invalidGrant(description, { check });
  if (grant.userBlocked) return no('standing.user_blocked', 'user is blocked');
  if (organization?.blocked) return no('standing.organization_blocked', 'the organization is blocked');
  if (!grant.connectionEnabled)
    return no(
      'standing.connection_not_enabled',
      `the connection is not enabled for the ${organization ? 'organization' : 'client'}`,
    );
  if (!grant.identityBound)
    return no('standing.identity_unbound', 'the identity that signed in does not belong to the user any more');
  // Otherwise an organization's identity provider would keep access to the whole account that was linked to it (linking rule, part 8).
  if (!grant.mayLackOrganization)
    return no('standing.organization_needed', 'parameter organization is required for this connection');
  if (grant.ssoRequired) return no('standing.sso_required', 'the organization requires its own sign-in');
  if (organization && !grant.isMember)
    return no('standing.not_a_member', `user ${user.userId} is not part of the ${organization.id} organization`);
  return undefined;
}

/** The subject of a refusal, for the log. */
export function subjectOf({ user, organization, connectionId }: LoginGrant) {
  return {
    userId: user.userId,
    ...(user.email !== undefined && { email: user.email }),
    connectionId,
    ...(organization && { organizationId: organization.id }),
  };
}
