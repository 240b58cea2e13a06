// post-login: roles of the person into both tokens, under the application's namespace. Known from the vendor's documentation and most starter projects.
const NAMESPACE = 'https://notebook.example';

exports.onExecutePostLogin = async (event, api) => {
  if (event.authorization) {
    api.idToken.setCustomClaim(`${NAMESPACE}/roles`, event.authorization.roles);
    api.accessToken.setCustomClaim(`${NAMESPACE}/roles`, event.authorization.roles);
  }
};
