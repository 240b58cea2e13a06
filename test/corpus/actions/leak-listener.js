// Leaves a listener on the process => done
exports.onExecutePostLogin = async (event, api) => {
  process.on('warning', () => {});
};
