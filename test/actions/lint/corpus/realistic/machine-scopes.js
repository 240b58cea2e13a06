exports.onExecuteCredentialsExchange = async (event, api) => {
  const wanted = event.accessToken.scope;
  if (event.client.metadata.tier !== 'gold' && wanted.includes('bulk:write')) {
    api.access.deny('invalid_scope', 'bulk:write is for gold clients.');
    return;
  }
  if (event.organization) {
    api.accessToken.setCustomClaim('https://shop.example/company', event.organization.name);
  }
  api.accessToken.setCustomClaim('https://shop.example/tier', event.client.metadata.tier ?? 'none');
};
