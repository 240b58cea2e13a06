// One line of a hundred megabytes => contained
exports.onExecutePostLogin = async (event, api) => {
  console.log('x'.repeat(20_000_000));
  api.access.deny('contained');
};
