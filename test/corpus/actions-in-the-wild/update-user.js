// post-login: writes the profile through the Management API in the middle of the login, as Actions did before there was api.user. Known from migrated Rules (auth0 4).
const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  const management = new ManagementClient({
    domain: event.secrets.domain,
    clientId: event.secrets.clientId,
    clientSecret: event.secrets.clientSecret,
  });
  const visits = (event.user.app_metadata.visits || 0) + 1;
  const { data: user } = await management.users.update({ id: event.user.user_id }, { app_metadata: { visits } });
  api.idToken.setCustomClaim('https://notebook.example/visits', user.app_metadata.visits);
};
