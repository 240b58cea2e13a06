// post-login: a token for the Management API, fetched by the package's own client and kept in the cache between logins. Known from the vendor's gallery (auth0 4).
const { AuthenticationClient, ManagementClient } = require('auth0');

async function getClient({ secrets }, api) {
  const { domain, clientId, clientSecret } = secrets;
  let { value: token } = api.cache.get('management-token') || {};
  if (!token) {
    console.log('a new token');
    const authentication = new AuthenticationClient({ domain, clientId, clientSecret });
    const { data } = await authentication.oauth.clientCredentialsGrant({ audience: `https://${domain}/api/v2/` });
    token = data.access_token;
    const kept = api.cache.set('management-token', token, { ttl: data.expires_in * 1000 });
    if (kept?.type === 'error') console.log(`not kept: ${kept.code}`);
  }
  return new ManagementClient({ domain, token });
}

exports.onExecutePostLogin = async (event, api) => {
  const client = await getClient(event, api);
  const { data: organizations } = await client.users.getUserOrganizations({ id: event.user.user_id });
  api.idToken.setCustomClaim('https://notebook.example/organizations', organizations.map(({ name }) => name));
};
