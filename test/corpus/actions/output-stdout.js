// Floods standard output past console => output
exports.onExecutePostLogin = async (event, api) => {
  for (;;) process.stdout.write('x'.repeat(65_536));
};
