// {"auth0Sdk":7}
const auth0 = require('auth0');

exports.onExecuteCredentialsExchange = async (event, api) => {
  if (event.client.metadata.kind !== 'partner') return;
  const client = new auth0.ManagementClient({ domain: event.secrets.DOMAIN });
  api.accessToken.setCustomClaim('https://shop.example/partner', client !== undefined);
};
