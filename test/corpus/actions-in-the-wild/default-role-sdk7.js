// post-login: who has no role in the organization gets the default one, found by its name. Known from the vendor's B2B starter, as written for auth0 7.
const { ManagementClient, ManagementError } = require('auth0');

exports.onExecutePostLogin = async ({ organization, authorization, user, secrets }, api) => {
  if (!organization || authorization?.roles?.length) return;
  const { domain, clientId, clientSecret } = secrets;
  const client = new ManagementClient({ domain, clientId, clientSecret });
  try {
    for await (const role of await client.roles.list({ name_filter: 'editor' })) {
      if (role.name !== 'editor') continue;
      await client.organizations.members.roles.assign(organization.id, user.user_id, { roles: [role.id] });
      break;
    }
  } catch (error) {
    if (!(error instanceof ManagementError)) throw error;
    console.log(`no role yet: ${error.statusCode} ${error.message}`);
  }
};
