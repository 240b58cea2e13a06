exports.onExecutePostLogin = async (event, api) => {
  if (event.organization) {
    api.accessToken.setCustomClaim('org_id', event.organization.id);     // here
  }
};
