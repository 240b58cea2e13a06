// Asks for a hundred megabytes => threw
exports.onExecutePostLogin = async (event, api) => {
  api.user.setAppMetadata('x', 'y'.repeat(100_000_000));
};
