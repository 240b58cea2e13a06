// Loops for ever, giving way to the event loop in between => cpu|timeout
exports.onExecutePostLogin = async (event, api) => {
  for (;;) await new Promise((resolve) => setImmediate(resolve));
};
