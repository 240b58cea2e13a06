/**
 * The same as clean-up.js with release 7 of the auth0 package: `organizations.members.delete` takes the place of `deleteMembers`.
 *
 * Dependencies: auth0 7. Secrets: domain, clientId, clientSecret of a machine client with delete:organization_members.
 */
const { ManagementClient } = require('auth0');

function isAuthorized(event) {
  return event.user.app_metadata.approved === true;
}

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
    await management.organizations.members.delete(event.organization.id, { members: [event.user.user_id] });
  }
  return api.access.deny('You are not authorized for this application.');
};
