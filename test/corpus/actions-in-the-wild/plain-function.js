// post-login: no promise, no strict mode, a variable that nobody declared, variables of an environment that is not there. Known from converted Rules.
exports.onExecutePostLogin = function (event, api) {
  console.table([{ user: event.user.user_id, client: event.client.name }]);
  stage = process.env.STAGE || 'production';
  if (process.env.SKIP === 'true') return;
  var rule = { configuration: event.configuration, executed: api.rules.wasExecuted('rul_1') };
  api.user.badge = 'gold';
  api.idToken.setCustomClaim('https://notebook.example/stage', stage + (event.configuration.SUFFIX || ''));
  api.idToken.setCustomClaim('https://notebook.example/rule', rule);
};
