// Waits for a promise that nobody resolves => timeout
exports.onExecutePostLogin = async (event, api) => {
  await new Promise(() => setInterval(() => {}, 1000));
};
