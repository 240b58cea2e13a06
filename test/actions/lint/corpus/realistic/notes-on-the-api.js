exports.onExecutePostLogin = async (event, api) => {
  api.skip = api.skip || (() => undefined);
  if (event.connection.strategy !== 'auth0') {
    api.skip('not a password');
    return;
  }
  const { LIMIT = '90' } = event.secrets || {};
  const changed = Date.parse(event.user.last_password_reset ?? event.user.created_at);
  if (Date.now() - changed > Number(LIMIT) * 86_400_000) {
    return api.access.deny('Please change your password.');
  }
};
