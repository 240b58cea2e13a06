const isBlocked = async (ip) => {
  const response = await fetch(`https://risk.example/${ip}`);
  return response.status === 200;
};

exports.onExecutePostLogin = async (event, api) => {
  if (isBlocked(event.request.ip)) {                            // here
    return api.access.deny('This network is blocked.');
  }
};
