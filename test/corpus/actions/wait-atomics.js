// Blocks its thread without using the processor => timeout
exports.onExecutePostLogin = async (event, api) => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};
