async function onExecutePostLogin(event, api) {                 // here
  api.idToken.setCustomClaim('https://shop.example/plan', event.user.app_metadata.plan);
}
