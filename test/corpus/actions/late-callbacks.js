// Asks for things after its end, from a callback that outlives it => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  setTimeout(() => {
    for (let index = 0; index < 10; index += 1) api.user.setAppMetadata('late', event.user.user_id);
    api.access.deny('late');
  }, 1).unref();
  require('crypto').pbkdf2('x', 'y', 20_000, 64, 'sha512', () => api.user.setAppMetadata('late', event.user.user_id));
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
