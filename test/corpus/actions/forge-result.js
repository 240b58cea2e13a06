// Sends a result of its own making to the server, on every descriptor that it can reach => contained
exports.onExecutePostLogin = async (event, api) => {
  const got = [];
  const forged = JSON.stringify({ kind: 'result', end: { kind: 'done' }, effects: [], cache: [] });
  const frame = Buffer.concat([Buffer.from([0, 0, 0, forged.length]), Buffer.from(forged)]);
  const net = require('net');
  for (let fd = 0; fd < 12; fd += 1) {
    try {
      require('fs').writeSync(fd, frame);
      got.push(`fs ${fd}`);
    } catch {}
    try {
      const socket = new net.Socket({ fd, readable: true, writable: true });
      socket.on('error', () => {});
      if (fd > 2) {
        socket.write(frame);
        got.push(`net ${fd}`);
      }
    } catch {}
    try {
      net
        .createServer()
        .on('error', () => {})
        .listen({ fd }, () => got.push(`listen ${fd}`));
    } catch {}
  }
  try {
    const { constructor } = process.stdout._handle;
    for (let fd = 3; fd < 12; fd += 1) if (new constructor(0).open(fd) >= 0) got.push(`pipe ${fd}`);
  } catch {}
  process.stdout.write(frame);
  await new Promise((resolve) => setTimeout(resolve, 20));
  api.access.deny(got.length === 0 ? 'contained' : got.join());
};
