// Writes files, and into descriptors that it did not open => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  const fs = require('fs');
  for (const name of [event.secrets.SECRET_FILE, '/tmp/vestibule-hostile', 'x', '/proc/self/mem', 1, 2, 3, 4]) {
    await attempt(`writeFileSync ${name}`, () => fs.writeFileSync(name, 'x') ?? 'written');
    await attempt(`writeSync ${name}`, () => fs.writeSync(name, 'x'));
    await attempt(`append ${name}`, () => fs.promises.appendFile(name, 'x') ?? 'written');
    await attempt(`unlink ${name}`, () => fs.unlinkSync(name) ?? 'removed');
  }
  await attempt('stream', () => new fs.WriteStream('/tmp/vestibule-hostile'));
  await attempt('report', () => process.report.writeReport('/tmp/vestibule-hostile'));
  await attempt('heap', () => require('v8').writeHeapSnapshot('/tmp/vestibule-hostile'));
  await attempt('symlink', () => fs.symlinkSync('/etc/passwd', '/tmp/vestibule-hostile'));
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
