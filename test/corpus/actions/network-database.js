// Connects to the database, by every name and form of its address => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  const net = require('net');
  const port = Number(event.secrets.DATABASE_PORT);
  const hosts = [
    '127.0.0.1',
    'localhost',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0.0.0.0',
    '::',
    '127.1',
    '2130706433',
    '0x7f000001',
    '127.0.0.2',
  ];
  const open = (options) =>
    new Promise((resolve) => {
      const socket = net.connect(options, () => resolve(`reached ${JSON.stringify(options)}`));
      socket.on('error', () => resolve(undefined));
    });
  for (const host of hosts) {
    await attempt(host, () => open({ host, port }));
    await attempt(`lookup ${host}`, () =>
      open({
        host: 'example.com',
        port,
        lookup: (_, __, done) => process.nextTick(done, null, [{ address: host, family: host.includes(':') ? 6 : 4 }]),
      }),
    );
    await attempt(`fetch ${host}`, () =>
      fetch(`http://${host.includes(':') ? `[${host}]` : host}:${port}/`).then(() => 'reached'),
    );
  }
  await attempt('unix', () => open({ path: '/var/run/postgresql/.s.PGSQL.5432' }));
  await attempt('unix abstract', () => open({ path: '\0x' }));
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
