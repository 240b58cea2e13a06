// Reads files: absolute, relative, by URL, by symbolic link, and of /proc => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  const names = [
    '/etc/passwd',
    'package.json',
    '../../etc/hosts',
    event.secrets.SECRET_FILE,
    event.secrets.SECRET_LINK,
    '/proc/self/environ',
    '/proc/self/maps',
    `/proc/${event.secrets.SERVER_PID}/environ`,
    new URL('file:///etc/passwd'),
    0,
    3,
    4,
  ];
  const fs = require('fs');
  for (const name of names) {
    await attempt(`readFileSync ${name}`, () => fs.readFileSync(name));
    await attempt(`promises ${name}`, () => require('node:fs/promises').readFile(name));
    await attempt(`open ${name}`, () => fs.openSync(name, 'r'));
    await attempt(
      `stream ${name}`,
      () => new Promise((resolve, reject) => fs.createReadStream(name).on('data', resolve).on('error', reject)),
    );
    await attempt(`require ${name}`, () => require(String(name)));
    await attempt(`import ${name}`, () => import(String(name)));
    await attempt(`fetch ${name}`, () => fetch(`file://${name}`));
  }
  await attempt('readdir', () => fs.readdirSync('/'));
  await attempt('ReadStream', () => new fs.ReadStream('/etc/passwd'));
  await attempt('blob', () => fs.openAsBlob('/etc/passwd'));
  await attempt('ca', () => require('tls').createSecureContext({ ca: '/etc/passwd' }) && undefined);
  await attempt('report', () => process.report.getReport());
  await attempt('env file', () => process.loadEnvFile('/etc/environment'));
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
