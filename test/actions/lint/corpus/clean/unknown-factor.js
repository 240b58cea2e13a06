exports.onExecutePostLogin = async (event, api) => {
  if (event.user.enrolledFactors.some(({ type }) => type === 'otp')) {
    api.authentication.challengeWith({ type: 'otp' });
  }
};
