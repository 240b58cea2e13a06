// Ends its process => died
exports.onExecutePostLogin = async (event, api) => {
  process.exit(0);
};
