exports.onExecutePostLogin = async (event, api) => {
  if (event.user.blocked {                                      // here
    return api.access.deny('No.');
  }
};
