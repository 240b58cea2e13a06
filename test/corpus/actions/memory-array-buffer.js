// One array buffer of gigabytes, written to => threw|memory
exports.onExecutePostLogin = async (event, api) => {
  const bytes = new Uint8Array(2 ** 31 - 1);
  for (let at = 0; at < bytes.length; at += 4096) bytes[at] = 1;
};
