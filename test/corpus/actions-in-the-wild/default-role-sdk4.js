// post-login: who has no role in the organization gets the default one. Known from the vendor's B2B starter (auth0 4.4.0).
exports.onExecutePostLogin = async (event, api) => {
  if (event.authorization && event.authorization.roles && event.authorization.roles.length > 0) {
    return;
  }
  if (!event.organization) {
    return;
  }
  const ManagementClient = require('auth0').ManagementClient;
  const client = new ManagementClient({
    domain: event.secrets.domain,
    clientId: event.secrets.clientId,
    clientSecret: event.secrets.clientSecret,
  });
  try {
    await client.organizations.addMemberRoles(
      { id: event.organization.id, user_id: event.user.user_id },
      { roles: [event.secrets.MEMBER_ROLE_ID] },
    );
  } catch (error) {
    console.log(`no role yet: ${error.statusCode} ${error.message}`);
  }
};
