// A rejection that nobody awaits => threw
exports.onExecutePostLogin = async (event, api) => {
  Promise.reject(new Error('from nowhere'));
  await new Promise(() => {});
};
