exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.email) {
    api.access.deny('An e-mail address is needed.');
    return;
  }
  if (!event.user.email_verified) {
    api.access.deny('Please verify your address.');
    return;
  }
  const allowed = (event.secrets.ALLOWED_DOMAINS || '').split(',').map((domain) => domain.trim().toLowerCase());
  const parts = event.user.email.split('@');
  if (parts.length !== 2 || !allowed.includes(parts[1].toLowerCase())) {
    return api.access.deny('This address is not allowed.');
  }
};
