// post-login: somebody who came without an organization becomes a member of the one that his address belongs to, found by iterating over all pages. Known from community answers, as written for auth0 7.
const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  if (event.organization || event.user.app_metadata.organization_id || !event.user.email_verified) return;
  const { domain, clientId, clientSecret } = event.secrets;
  const client = new ManagementClient({ domain, clientId, clientSecret, maxRetries: 1, timeoutInSeconds: 5 });
  const [, host] = event.user.email.split('@');
  for await (const organization of await client.organizations.list({ take: 2 })) {
    if (organization.metadata?.mail_domain !== host) continue;
    await client.organizations.members.create(organization.id, { members: [event.user.user_id] });
    api.user.setAppMetadata('organization_id', organization.id);
    break;
  }
};
