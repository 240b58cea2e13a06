// login-post-identifier: who has only ever had a password here keeps it, all others go where their domain leads. Known from an early adopter's published setup of this trigger (auth0 4).
const { ManagementClient } = require('auth0');

exports.onExecutePostIdentifier = async (event, api) => {
  const { value } = event.authentication.identifier;
  if (!/^\S+@\S+$/.test(value)) return;
  const client = new ManagementClient({
    domain: event.secrets.domain || event.request.hostname,
    clientId: event.secrets.clientId,
    clientSecret: event.secrets.clientSecret,
  });
  const { data: users } = await client.usersByEmail.getByEmail({ email: value });
  const identities = users.flatMap((user) => user.identities);
  if (identities.length > 0 && identities.every(({ provider }) => provider === 'auth0')) {
    api.authentication.setConnectionByName(identities[0].connection);
  }
};
