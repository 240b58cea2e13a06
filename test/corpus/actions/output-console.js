// Prints without end through console: lines are cut and counted, the rest is dropped => contained
exports.onExecutePostLogin = async (event, api) => {
  for (let index = 0; index < 50_000; index += 1) console.log(`${index}`.repeat(10));
  api.access.deny('contained');
};
