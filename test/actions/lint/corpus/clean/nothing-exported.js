async function onExecutePostLogin(event, api) {
  api.idToken.setCustomClaim('https://shop.example/plan', event.user.app_metadata.plan);
}

module.exports = { onExecutePostLogin };
