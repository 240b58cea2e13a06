// Reaches a private network by a name that resolves to it, and by one that changes its mind => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  const http = require('http');
  const port = Number(event.secrets.PRIVATE_PORT);
  let turn = 0;
  const lookups = [
    (_, options, done) =>
      process.nextTick(done, null, options.all ? [{ address: '127.0.0.1', family: 4 }] : '127.0.0.1', 4),
    (_, options, done) => {
      turn += 1;
      const address = turn > 1 ? '127.0.0.1' : '93.184.215.14';
      process.nextTick(done, null, options.all ? [{ address, family: 4 }] : address, 4);
    },
  ];
  for (const lookup of lookups)
    for (let round = 0; round < 2; round += 1)
      await attempt(
        'lookup',
        () =>
          new Promise((resolve, reject) => {
            const request = http.get({ host: 'example.com', port, lookup, timeout: 100 }, () => resolve('reached'));
            request.on('error', reject).on('timeout', () => request.destroy(new Error('time')));
          }),
      );
  await attempt('localhost', () => fetch(`http://localhost:${port}/`).then(() => 'reached'));
  await attempt('isIP', () => {
    require('net').isIP = () => 0;
    require('net').BlockList.prototype.check = () => true;
    return undefined;
  });
  await attempt('after tampering', () => fetch(`http://127.0.0.1:${port}/`).then(() => 'reached'));
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
