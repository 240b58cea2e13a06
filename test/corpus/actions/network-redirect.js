// Reaches a private network by a redirect of a permitted server => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  await attempt('fetch', () => fetch(`${event.secrets.OWN_ORIGIN}/to-private`).then((response) => response.text()));
  await attempt('axios', () =>
    require('axios')
      .get(`${event.secrets.OWN_ORIGIN}/to-private`)
      .then((response) => response.data),
  );
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
