exports.onExecutePostLogin = async (event, api) => {
  if (event.user?.email_verified !== true || event.user.identities.length > 1) return;
  const { ManagementClient, AuthenticationClient } = require('auth0');
  const { domain, clientId, clientSecret } = event.secrets || {};
  let { value: token } = api.cache.get('management-token') || {};
  if (!token) {
    const authentication = new AuthenticationClient({ domain, clientId, clientSecret });
    try {
      const { data } = await authentication.oauth.clientCredentialsGrant({ audience: `https://${domain}/api/v2/` });
      token = data.access_token;
      api.cache.set('management-token', token, { ttl: data.expires_in * 1000 });
    } catch (error) {
      console.log('no token', error);
      return;
    }
  }
  const client = new ManagementClient({ domain, token });
  const { data: users } = await client.usersByEmail.getByEmail({ email: event.user.email });
  const other = users.find((user) => user.user_id !== event.user.user_id && user.email_verified);
  if (!other) return;
  try {
    const [{ provider, user_id }] = event.user.identities;
    await client.users.link({ id: other.user_id }, { provider, user_id });
  } catch {
    console.log('not linked, nothing changed');
    return;
  }
  api.authentication.setPrimaryUser(other.user_id);
};
