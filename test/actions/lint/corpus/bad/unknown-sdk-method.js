const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.plan) return;
  const { users } = new ManagementClient({
    domain: event.secrets.DOMAIN,
    clientId: event.secrets.CLIENT_ID,
    clientSecret: event.secrets.CLIENT_SECRET,
  });
  const { data } = await users.getUserRoles({ id: event.user.user_id });     // here
  api.idToken.setCustomClaim('https://shop.example/roles', data.map(({ name }) => name));
};
