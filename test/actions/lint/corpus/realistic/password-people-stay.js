const { ManagementClient } = require('auth0');

exports.onExecutePostIdentifier = async (event, api) => {
  const identifier = event.authentication.identifier.value;
  const management = new ManagementClient({ domain: event.secrets.DOMAIN, token: event.secrets.TOKEN });
  const { data: users } = await management.usersByEmail.getByEmail({ email: identifier });
  const hasOnlyPassword =
    users.length > 0 && users.every(({ identities }) => identities.every(({ provider }) => provider === 'auth0'));
  if (hasOnlyPassword) api.authentication.setConnectionByName('Username-Password-Authentication');
};
