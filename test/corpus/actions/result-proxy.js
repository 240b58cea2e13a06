// A proxy that answers differently each time => done
exports.onExecutePostLogin = async (event, api) => {
  let turn = 0;
  const value = new Proxy({ a: 1 }, { get: (_, name) => (name === 'toJSON' ? undefined : (turn += 1)) });
  api.idToken.setCustomClaim('x', value);
};
