// post-login: reads the name of the organization whether there is one or not, as code does that was tried with one only. Known from questions in forums ("Cannot read properties of undefined").
exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('https://notebook.example/organization', event.organization.name);
};
