// Fills memory outside of the heap, which no heap limit sees => memory
exports.onExecutePostLogin = async (event, api) => {
  const kept = [];
  for (;;) {
    kept.push(Buffer.alloc(16_777_216, 1));
    await new Promise((resolve) => setImmediate(resolve));
  }
};
