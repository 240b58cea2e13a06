// {"auth0Sdk":7}
const { ManagementClient, ManagementError } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  const { organization } = event;
  if (!organization) return;
  const management = new ManagementClient({ domain: event.secrets.DOMAIN, token: event.secrets.TOKEN });
  const names = [];
  try {
    const page = await management.organizations.members.roles.list(organization.id, event.user.user_id);
    for (const role of page.data) names.push(role.name);
  } catch (error) {
    if (error instanceof ManagementError && error.statusCode === 404) return;
    throw error;
  }
  api.idToken.setCustomClaim(`https://shop.example/${organization.name}/roles`, names);
};
