// credentials-exchange: the organization of a machine as a claim, and only machines of known networks. Known from B2B back ends (machine-to-machine tokens).
exports.onExecuteCredentialsExchange = async (event, api) => {
  const organization = event.client.metadata?.org_id;
  const networks = (event.secrets.NETWORKS || '').split(',');
  if (!networks.some((prefix) => event.request.ip.startsWith(prefix))) {
    return api.access.deny('invalid_request', `machines at ${event.request.ip} get no token`);
  }
  if (organization) {
    api.accessToken.setCustomClaim('m2m.org_id', organization);
    api.accessToken.setCustomClaim(`${event.resource_server.identifier}/organization`, { id: organization });
  }
};
