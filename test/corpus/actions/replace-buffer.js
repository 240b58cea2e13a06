// Replaces how bytes are made => done
exports.onExecutePostLogin = async (event, api) => {
  Buffer.from = () => Buffer.alloc(0);
  Buffer.byteLength = () => 0;
  Uint8Array.prototype.set = () => {};
};
