// {"auth0Sdk":7}
const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  if (event.stats.logins_count > 1) return;
  const management = new ManagementClient({ domain: event.secrets.DOMAIN, token: event.secrets.TOKEN });
  const user = await management.users.get(event.user.user_id);
  api.idToken.setCustomClaim('https://shop.example/since', user.created_at);
};
