// Ends its process when nobody looks => died
exports.onExecutePostLogin = async (event, api) => {
  setTimeout(() => process.exit(1), 5);
  await new Promise(() => {});
};
