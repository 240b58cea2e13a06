exports.onExecutePreUserRegistration = async (event, api) => {
  if (event.user.email.endsWith('@rival.example')) {
    return api.access.refuse('rival', 'Please use another address.');     // here
  }
};
