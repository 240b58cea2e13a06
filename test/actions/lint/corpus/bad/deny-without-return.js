exports.onExecutePostLogin = async (event, api) => {
  if (event.user.app_metadata.suspended) {
    api.access.deny('Your account is suspended.');              // here
  }
  api.user.setUserMetadata('last_seen', new Date().toISOString());
};
