// Floods standard error past console => output
exports.onExecutePostLogin = async (event, api) => {
  for (;;) process.stderr.write('x'.repeat(65_536));
};
