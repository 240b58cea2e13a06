// post-login: two accounts with one verified address become one, the older keeps its id and this login goes on as it. Known from the vendor's gallery and dozens of gists (auth0 4).
const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  const { user, secrets } = event;
  if (!user.email || user.email_verified !== true) return;
  if (user.identities.length > 1) return;

  const client = new ManagementClient({ domain: secrets.domain, clientId: secrets.clientId, clientSecret: secrets.clientSecret });
  const { data: candidates } = await client.usersByEmail.getByEmail({ email: user.email });
  const primary = candidates.find((other) => other.user_id !== user.user_id && other.email_verified === true);
  if (!primary) return;

  const [{ provider, user_id: id }] = user.identities;
  await client.users.link({ id: primary.user_id }, { provider, user_id: String(id), connection_id: event.connection.id });
  api.authentication.setPrimaryUser(primary.user_id);
};
