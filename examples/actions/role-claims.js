/** post-login: puts the roles that the person has in this organization into both tokens. */
exports.onExecutePostLogin = async (event, api) => {
  if (!event.authorization) return;
  const { roles } = event.authorization;
  api.idToken.setCustomClaim('https://notebook.example/roles', roles);
  api.accessToken.setCustomClaim('https://notebook.example/roles', roles);
};
