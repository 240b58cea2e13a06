// post-login: the organization's own policy for second factors, kept as JSON in its metadata. Known from the vendor's B2B starter.
exports.onExecutePostLogin = async (event, api) => {
  if (event.client.client_id !== event.secrets.DASHBOARD_CLIENT_ID) return;

  const policy = JSON.parse(event.organization?.metadata.mfaPolicy || '{}');
  if (!policy.enforce) return;

  const factors = policy.providers.map((type) => ({ type }));
  if (!event.user.multifactor || event.user.multifactor.length === 0) {
    return api.authentication.enrollWithAny(factors);
  }
  const [, domain] = (event.user.email || '').split('@');
  if (!domain) return api.access.deny('Email is invalid');
  if (!policy.skipForDomains.includes(domain.toLowerCase())) {
    api.authentication.challengeWithAny(factors);
  }
};
