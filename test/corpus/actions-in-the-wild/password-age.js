// post-login: a password older than so many days is no longer taken. Known from the vendor's templates.
const DAY = 1000 * 60 * 60 * 24;

exports.onExecutePostLogin = async (event, api) => {
  const most = Number(event.secrets.MAX_PASSWORD_DAYS);
  if (!most) return api.access.deny('Invalid configuration');
  if (event.connection.strategy !== 'auth0') return;
  const changed = event.user.last_password_reset || event.user.created_at;
  if ((new Date() - new Date(changed)) / DAY > most) {
    return api.access.deny('Please change your password.');
  }
};
