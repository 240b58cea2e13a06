// post-login: notes the first login as consent, with its time, and never again. Known from the vendor's templates.
exports.onExecutePostLogin = async (event, api) => {
  const { consentGiven } = event.user.user_metadata || {};
  if (consentGiven) return;
  api.user.setUserMetadata('consentGiven', true).user.setUserMetadata('consentTimestamp', Date.now());
  return;
};
