exports.onExecutePostLogin = async (event, api) => {
  if (!event.user.user_metadata.terms) {
    api.redirect.sendUserTo('https://shop.example/terms');      // here
  }
  api.user.setUserMetadata('terms', 'accepted');
};

exports.onContinuePostLogin = async (event, api) => {};
