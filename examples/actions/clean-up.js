/**
 * post-login: "auto-membership and clean-up", done right. Refuses whoever is not on the list, and takes away the membership that this
 * very login has brought, and no other: invited people and members of long standing keep theirs.
 *
 * Needed on Auth0, and here under `membership_evaluation: before_actions`. Under `after_actions` a refused login leaves no membership, so
 * there is nothing to clean up: the same code does no harm there.
 *
 * Dependencies: auth0 4. Secrets: domain, clientId, clientSecret of a machine client with delete:organization_members.
 */
const { ManagementClient } = require('auth0');

/** The tenant's own rule. */
function isAuthorized(event) {
  return event.user.app_metadata.approved === true;
}

/**
 * Did this login bring the membership? This server says so. Auth0 does not: there a first login without an invitation is the nearest that
 * can be known. Whoever an administrator made a member before his very first login is taken for new there.
 */
function arrivedJustNow(event) {
  const membership = event.organization.membership;
  if (membership) return !membership.exists && membership.via === 'auto';
  return event.stats.logins_count === 1 && !event.request.query?.invitation;
}

exports.onExecutePostLogin = async (event, api) => {
  if (!event.organization || isAuthorized(event)) return;

  if (arrivedJustNow(event)) {
    const management = new ManagementClient({
      domain: event.secrets.domain,
      clientId: event.secrets.clientId,
      clientSecret: event.secrets.clientSecret,
    });
    // No catch: if this fails, the login fails as well, and the log says why.
    await management.organizations.deleteMembers({ id: event.organization.id }, { members: [event.user.user_id] });
  }
  return api.access.deny('You are not authorized for this application.');
};
