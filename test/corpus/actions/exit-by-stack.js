// Overflows the stack => threw
exports.onExecutePostLogin = async (event, api) => {
  const again = () => again();
  again();
};
