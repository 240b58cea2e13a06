// Closes what the process needs, and hides what it opened => done
exports.onExecutePostLogin = async () => {
  process.stdout._handle.close();
  process.stderr._handle.unref();
};
