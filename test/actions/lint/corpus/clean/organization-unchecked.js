exports.onExecutePostLogin = async (event, api) => {
  if (!event.organization) return;
  api.idToken.setCustomClaim('https://shop.example/company', event.organization.display_name);
};
