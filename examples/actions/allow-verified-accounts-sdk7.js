/**
 * post-login: lets in people of the company who have had an account of their own here, with a verified address, before.
 *
 * Dependencies: auth0 7. Secrets: domain, clientId, clientSecret of a machine client with read:users.
 */
const { ManagementClient } = require('auth0');

exports.onExecutePostLogin = async (event, api) => {
  const { user, organization, secrets } = event;
  // Members of long standing and invited people need no second look.
  const membership = organization?.membership;
  if (membership?.exists || membership?.via === 'invited') return;
  if (!user.email || !user.email_verified) {
    return api.access.deny('Your address is not verified.');
  }
  const management = new ManagementClient({
    domain: secrets.domain,
    clientId: secrets.clientId,
    clientSecret: secrets.clientSecret,
  });
  const accounts = await management.users.listUsersByEmail({ email: user.email });
  const known = accounts.some(
    (account) =>
      account.user_id !== user.user_id && account.email_verified && account.identities[0].provider === 'auth0',
  );
  if (!known) {
    return api.access.deny('You are not authorized for this application.');
  }
};
