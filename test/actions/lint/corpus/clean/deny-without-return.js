exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.suspended) {
    return api.access.deny('Your account is suspended.');
  }
  api.user.setUserMetadata('last_seen', new Date().toISOString());
};
