// Loops for ever in microtasks, so that no timer of the process ever fires => cpu|timeout
exports.onExecutePostLogin = async (event, api) => {
  for (;;) await undefined;
};
