exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.user_metadata.terms) {
    return api.redirect.sendUserTo('https://shop.example/terms');
  }
};

exports.onContinuePostLogin = async (event, api) => {
  api.user.setUserMetadata('terms', 'accepted');
};
