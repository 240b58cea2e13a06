exports.onExecutePostLogin = async (event, api) => {
  const methods = event.authentication?.methods ?? [];
  if (methods.some(({ name }) => name === 'mfa')) return;
  const enrolled = event.user.enrolledFactors?.map(({ type }) => ({ type })) ?? [];
  const confidence = event.authentication?.riskAssessment?.confidence;
  if (confidence === 'low' && enrolled.length > 0) {
    api.authentication.challengeWithAny(enrolled);
  } else if (confidence === 'low') {
    api.authentication.enrollWith({ type: 'otp' });
  } else if (event.user.app_metadata.mfa === true) {
    api.multifactor.enable('any', { allowRememberBrowser: false });
  }
};
