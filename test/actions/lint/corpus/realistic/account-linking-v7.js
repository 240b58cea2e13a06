// {"auth0Sdk":7}
const auth0 = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.email_verified) return;
  const management = new auth0.ManagementClient({ domain: event.secrets.DOMAIN, token: event.secrets.TOKEN });
  const candidates = await management.users.listUsersByEmail({ email: event.user.email });
  const primary = candidates.find(({ user_id }) => user_id !== event.user.user_id);
  if (!primary) return;
  const identity = event.user.identities[0];
  await management.users.identities.link(primary.user_id, {
    provider: identity.provider,
    user_id: String(identity.user_id),
  });
  api.authentication.setPrimaryUser(primary.user_id);
};
