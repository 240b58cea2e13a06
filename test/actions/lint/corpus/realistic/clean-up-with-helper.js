const { ManagementClient } = require('auth0');

/** Takes away what auto-membership made in this login, and nothing else. */
async function removeStranger(event) {
  const isFirst = event.stats.logins_count === 1;
  const isInvited = Boolean(event.request.query?.invitation);
  if (!event.organization || !isFirst || isInvited) return;
  const management = new ManagementClient({
    domain: event.secrets.DOMAIN,
    clientId: event.secrets.CLIENT_ID,
    clientSecret: event.secrets.CLIENT_SECRET,
  });
  await management.organizations.deleteMembers({ id: event.organization.id }, { members: [event.user.user_id] });
}

exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.approved === true) return;
  try {
    await removeStranger(event);
  } catch (error) {
    console.log('The member stays and has to be removed by hand:', event.user.user_id, error.message);
    return api.access.deny('You are not authorized for this application (and we could not tidy up).');
  }
  return api.access.deny('You are not authorized for this application.');
};
