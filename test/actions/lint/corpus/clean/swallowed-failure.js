const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.app_metadata.suspended) return;
  const management = new ManagementClient({ domain: event.secrets.DOMAIN, token: event.secrets.TOKEN });
  try {
    await management.users.deleteRoles({ id: event.user.user_id }, { roles: [event.secrets.ADMIN_ROLE] });
  } catch (error) {
    console.log('roles stay', error);
    return api.access.deny('Your account could not be checked. Please try again.');
  }
};
