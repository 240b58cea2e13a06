// {"auth0Sdk":7}
const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  if (!event.organization || event.user.app_metadata.approved) return;
  const { membership } = event.organization;
  const isMadeByThisLogin = membership
    ? !membership.exists && membership.via === 'auto'
    : event.stats.logins_count === 1 && !event.request.query?.invitation;
  if (isMadeByThisLogin) {
    const management = new ManagementClient({
      domain: event.secrets.DOMAIN,
      clientId: event.secrets.CLIENT_ID,
      clientSecret: event.secrets.CLIENT_SECRET,
    });
    await management.organizations.members.delete(event.organization.id, { members: [event.user.user_id] });
  }
  return api.access.deny('You are not authorized for this application.');
};
