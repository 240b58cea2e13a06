const timed = (name, run) => async (event, api) => {
  const started = Date.now();
  try {
    return await run(event, api);
  } finally {
    console.log(name, Date.now() - started);
  }
};

module.exports = {
  onExecutePostLogin: timed('login', async (event, api) => {
    if (event.client.metadata.closed === 'true') return api.access.deny('This application is closed.');
    api.idToken.setCustomClaim('https://shop.example/greeting', `Hello ${event.user.given_name || event.user.name}`);
  }),
};
