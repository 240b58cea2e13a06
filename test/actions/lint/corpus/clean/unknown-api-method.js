exports.onExecutePreUserRegistration = async (event, api) => {
  if (event.user.email.endsWith('@rival.example')) {
    return api.access.deny('rival', 'Please use another address.');
  }
};
