// Throws where nothing catches => threw
exports.onExecutePostLogin = async (event, api) => {
  setTimeout(() => {
    throw new Error('from a timer');
  }, 1);
  await new Promise(() => {});
};
