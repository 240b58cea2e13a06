// A value whose getter never returns => cpu|timeout
exports.onExecutePostLogin = async (event, api) => {
  api.idToken.setCustomClaim('x', {
    get endless() {
      for (;;);
    },
  });
};
