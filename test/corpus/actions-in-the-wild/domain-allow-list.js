// post-login: only addresses of listed domains, verified, for all applications but the excepted ones. Known from the vendor's templates and internal dashboards.
exports.onExecutePostLogin = async (event, api) => {
  const allowed = (event.secrets.ALLOWED_DOMAINS || '').split(',').map((domain) => domain.trim().toLowerCase()).filter(Boolean);
  if (allowed.length === 0) {
    return api.access.deny('Invalid configuration');
  }
  const [, domain] = /^[^@\s]+@([a-z0-9.-]+)$/i.exec(event.user.email ?? '') ?? [];
  if (!domain || !event.user.email_verified) {
    return api.access.deny('unverified_address', 'Please verify your e-mail address first.');
  }
  if (!allowed.some((entry) => domain.toLowerCase() === entry || domain.toLowerCase().endsWith(`.${entry}`))) {
    return api.access.deny(`Access to ${event.client.name} is not allowed.`);
  }
};
