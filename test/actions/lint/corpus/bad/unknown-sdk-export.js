// {"auth0Sdk":7}
const auth0 = require('auth0');

exports.onExecuteCredentialsExchange = async (event, api) => {
  if (event.client.metadata.kind !== 'partner') return;
  const client = new auth0.AuthenticationClient({ domain: event.secrets.DOMAIN });     // here
  api.accessToken.setCustomClaim('https://shop.example/partner', client !== undefined);
};
