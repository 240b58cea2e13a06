const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  const key = `roles:${event.user.user_id}`.slice(0, 64);
  const cached = api.cache.get(key);
  let roles = cached ? JSON.parse(cached.value) : undefined;
  if (roles === undefined) {
    const management = new ManagementClient({ domain: event.secrets.DOMAIN, token: event.secrets.TOKEN });
    const { data } = await management.users.getRoles({ id: event.user.user_id });
    roles = data.map(({ name }) => name);
    api.cache.set(key, JSON.stringify(roles), { ttl: 5 * 60 * 1000 });
  }
  api.idToken.setCustomClaim('https://shop.example/roles', roles);
};
