// post-login: somebody who came without an organization becomes a member of the one that his address belongs to. Known from community answers about self-service sign-up (auth0 4).
const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  if (event.organization || event.user.app_metadata.organization_id || !event.user.email_verified) return;
  const client = new ManagementClient({
    domain: event.secrets.domain,
    clientId: event.secrets.clientId,
    clientSecret: event.secrets.clientSecret,
    retry: { enabled: true, maxRetries: 2 },
  });
  const domain = event.user.email.split('@').pop();
  // Page after page, until one is not full.
  for (let page = 0; page < 20; page += 1) {
    const { data } = await client.organizations.getAll({ page, per_page: 2 });
    const found = data.find(({ metadata }) => metadata?.mail_domain === domain);
    if (found) {
      await client.organizations.addMembers({ id: found.id }, { members: [event.user.user_id] });
      api.user.setAppMetadata('organization_id', found.id);
      return;
    }
    if (data.length < 2) return;
  }
};
