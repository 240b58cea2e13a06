exports.onExecutePostLogin = async (event, api) => {
  if (event.organization) {
    api.accessToken.setCustomClaim('https://shop.example/organization', event.organization.id);
  }
};
