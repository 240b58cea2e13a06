exports.onExecutePostLogin = async (event, api) => {
  if (event.user.blocked) {
    return api.access.deny('No.');
  }
};
