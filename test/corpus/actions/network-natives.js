// Takes the natives’ guards off, or finds natives that have none => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const attempt = async (name, act) => {
    try {
      const value = await act();
      if (value !== undefined) got.push(`${name}: ${String(value).slice(0, 80)}`);
    } catch {}
  };
  const net = require('net');
  const port = Number(event.secrets.PRIVATE_PORT);
  const socket = new net.Socket().on('error', () => {});
  socket.connect({ host: '127.0.0.1', port });
  const proto = Object.getPrototypeOf(socket._handle);
  await attempt('delete', () => (delete proto.connect ? 'deleted' : undefined));
  await attempt('define', () => Object.defineProperty(proto, 'connect', { value: () => 0 }) && 'redefined');
  await attempt('set', () => (Reflect.set(proto, 'connect', () => 0) ? 'replaced' : undefined));
  await attempt('proto of proto', () => Object.getPrototypeOf(proto).connect);
  await attempt('new', () => {
    const { TCPConnectWrap } = {};
    const handle = new socket._handle.constructor(0);
    const code = handle.connect({}, '127.0.0.1', port);
    return code === -13 ? undefined : `code ${code}`;
  });
  await attempt('object as address', () => {
    let turn = 0;
    const address = { toString: () => ((turn += 1) > 1 ? '127.0.0.1' : '93.184.215.14') };
    const code = new socket._handle.constructor(0).connect({}, address, port);
    return code === -13 ? undefined : `code ${code}`;
  });
  await attempt(
    'listen',
    () =>
      new Promise((resolve, reject) =>
        net
          .createServer()
          .on('error', reject)
          .listen(0, '127.0.0.1', () => resolve('listens')),
      ),
  );
  await attempt(
    'listen unix',
    () =>
      new Promise((resolve, reject) =>
        net
          .createServer()
          .on('error', reject)
          .listen('/tmp/vestibule-hostile.sock', () => resolve('listens')),
      ),
  );
  await attempt('servers', () => new (require('dns').Resolver)().setServers([`127.0.0.1:${port}`]) ?? 'set');
  await attempt('servers global', () => require('dns').setServers([`127.0.0.1:${port}`]) ?? 'set');
  api.access.deny(got.length === 0 ? 'contained' : got.join('; '));
};
