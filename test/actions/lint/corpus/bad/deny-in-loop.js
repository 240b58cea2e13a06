exports.onExecutePostLogin = async (event, api) => {
  for (const network of ['10.', '192.168.']) {
    if (event.request.ip.startsWith(network)) {
      api.access.deny('Not from here.');                        // here
    }
  }
};
