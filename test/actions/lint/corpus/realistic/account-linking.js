const { ManagementClient } = require('auth0');

const createClient = (event) =>
  new ManagementClient({
    domain: event.secrets.DOMAIN,
    clientId: event.secrets.CLIENT_ID,
    clientSecret: event.secrets.CLIENT_SECRET,
  });

async function findOther(management, event) {
  const { data } = await management.usersByEmail.getByEmail({ email: event.user.email });
  return data.find((user) => user.email_verified && user.user_id !== event.user.user_id);
}

exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.email || !event.user.email_verified || event.user.identities.length > 1) return;
  const management = createClient(event);
  const primary = await findOther(management, event);
  if (primary === undefined) return;
  const [provider, ...rest] = event.user.user_id.split('|');
  try {
    await management.users.link({ id: primary.user_id }, { provider, user_id: rest.join('|') });
    api.authentication.setPrimaryUser(primary.user_id);
  } catch (error) {
    console.error('linking failed', error.message);
    return api.access.deny('Your accounts could not be joined. Please try again.');
  }
};
