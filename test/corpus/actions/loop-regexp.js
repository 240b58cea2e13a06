// A regular expression that backtracks for ever => cpu|timeout
exports.onExecutePostLogin = async (event, api) => {
  /^(a+)+$/.test(`${'a'.repeat(60)}b`);
};
