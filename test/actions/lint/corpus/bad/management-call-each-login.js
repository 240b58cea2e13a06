const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  const management = new ManagementClient({ domain: event.secrets.DOMAIN, token: event.secrets.TOKEN });
  const { data } = await management.users.getRoles({ id: event.user.user_id });     // here
  api.idToken.setCustomClaim('https://shop.example/roles', data.map(({ name }) => name));
};
