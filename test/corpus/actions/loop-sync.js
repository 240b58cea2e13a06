// Loops for ever, synchronously => cpu|timeout
exports.onExecutePostLogin = async (event, api) => {
  for (;;);
};
