/** Attack: somebody with a network of networks opens the share of each, and so every connection that there is. */
import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createConnections } from '../../src/http/connections.js';

test('one customer (/56) gets three eighths of the connections, however many networks of machines they use', () => {
  const connections = createConnections({ log: { warn: () => {} }, maximum: 100, trustProxy: [] });
  const server = new EventEmitter();
  connections.watch(server as never, () => {});
  let open = 0;
  for (let net = 0; net < 8; net++)
    for (let host = 1; host <= 25; host++) {
      const socket = Object.assign(new EventEmitter(), {
        remoteAddress: `2001:db8:0:${net.toString(16)}::${host.toString(16)}`,
        gone: false,
        destroy() {
          this.gone = true;
        },
      });
      server.emit('connection', socket);
      if (!socket.gone) open += 1;
    }
  expect(open).toBe(38);
});
