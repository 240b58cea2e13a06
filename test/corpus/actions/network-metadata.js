// Asks the cloud’s metadata service for credentials => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  for (const url of [
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://[::ffff:169.254.169.254]/',
    'http://100.100.100.200/',
  ])
    await attempt(url, async () => {
      try {
        return (await fetch(url)).status;
      } catch (error) {
        return error.cause?.code === 'EACCES' ? undefined : error.cause?.code;
      }
    });
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
