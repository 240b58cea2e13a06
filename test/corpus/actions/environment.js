// Reads the environment and the command line of the server => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  await attempt('env', () => Object.keys(process.env).join() || undefined);
  await attempt('secret key', () => process.env.VESTIBULE_SECRET_KEY);
  await attempt('argv', () => (process.argv.length > 1 ? process.argv.join() : undefined));
  await attempt('execPath', () => (process.execPath.includes('/') ? process.execPath : undefined));
  await attempt('execArgv', () => process.execArgv.join() || undefined);
  await attempt('cwd', () => (process.cwd() === '/' ? undefined : process.cwd()));
  await attempt('stack', () =>
    /\/(work|home|root|usr|tmp)\b/.test(new Error().stack) ? new Error().stack : undefined,
  );
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
