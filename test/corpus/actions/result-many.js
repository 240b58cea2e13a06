// Asks for very many small things => threw
exports.onExecutePostLogin = async (event, api) => {
  for (let index = 0; ; index += 1) api.transaction.setMetadata(`k${index}`, 'v'.repeat(1000));
};
