/** Puts roles and plan into the tokens. */
exports.onExecutePostLogin = async (event, api) => {
  const namespace = 'https://shop.example';
  if (event.authorization) {
    api.idToken.setCustomClaim(`${namespace}/roles`, event.authorization.roles);
    api.accessToken.setCustomClaim(`${namespace}/roles`, event.authorization.roles);
  }
  const { plan = 'free', features = [] } = event.user.app_metadata;
  api.accessToken.setCustomClaim(`${namespace}/plan`, plan);
  for (const feature of features) api.accessToken.addScope(`feature:${feature}`);
  api.idToken.setCustomClaim(`${namespace}/company`, event.organization?.display_name ?? null);
};
