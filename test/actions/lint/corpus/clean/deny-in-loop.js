exports.onExecutePostLogin = async (event, api) => {
  for (const network of ['10.', '192.168.']) {
    if (event.request.ip.startsWith(network)) {
      return api.access.deny('Not from here.');
    }
  }
};
