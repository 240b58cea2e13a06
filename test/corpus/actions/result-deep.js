// A value nested two thousand times => threw
exports.onExecutePostLogin = async (event, api) => {
  let value = 1;
  for (let depth = 0; depth < 2_000; depth += 1) value = [value];
  api.idToken.setCustomClaim('x', value);
};
