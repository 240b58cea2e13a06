// Signals the server, its group and everybody => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  const server = Number(event.secrets.SERVER_PID);
  await attempt('kill', () => process.kill(server, 'SIGTERM'));
  await attempt('_kill', () => process._kill(server, 15));
  await attempt('group', () => process.kill(-server, 'SIGTERM'));
  await attempt('all', () => process.kill(-1, 'SIGTERM'));
  await attempt('debug', () => process._debugProcess(server));
  await attempt('reflect', () => Reflect.get(Object.getPrototypeOf(process), 'kill')?.call(process, server, 15));
  await attempt('priority', () => require('os').setPriority(server, 19) ?? 'lowered');
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
