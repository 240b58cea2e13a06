// A value that contains itself => threw
exports.onExecutePostLogin = async (event, api) => {
  const value = {};
  value.value = value;
  api.idToken.setCustomClaim('x', value);
};
