// post-login, the second of two: acts on what the Action before it has left. Known from the vendor's release notes on transaction metadata.
exports.onExecutePostLogin = async (event, api) => {
  const { risk = 0, reasons = '{}' } = event.transaction?.metadata ?? {};
  if (risk >= 50) {
    console.warn(JSON.parse(reasons).agent);
    return api.access.deny('This login looks unusual.');
  }
  api.idToken.setCustomClaim('https://notebook.example/risk', risk);
};
