// post-login: only people who have an account may come through the company's sign-in; what the first login has made is deleted again. Known from the vendor's gallery (auth0 4).
exports.onExecutePostLogin = async (event, api) => {
  const strategy = event?.connection?.strategy || 'unknown';
  if (strategy === 'auth0') return;
  if ((event?.stats?.logins_count || 0) > 1) return;

  const { ManagementClient } = require('auth0');
  const { domain, clientId, clientSecret } = event.secrets || {};
  const client = new ManagementClient({ domain, clientId, clientSecret });
  await client.users.delete({ id: event.user.user_id });
  console.log(`deleted ${event.user.user_id}`);
  api.session.revoke('sign-up is by invitation');
  api.access.deny('sign-up is by invitation');
};
