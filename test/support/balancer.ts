/** A plain TCP balancer on loopback: connections go to the nodes in turn; one that does not answer is passed over. Knows nothing of HTTP. */
import { connect, createServer, type Socket } from 'node:net';

export interface Balancer {
  readonly port: number;
  /** The ports that connections go to from now on. Those that are open stay where they are. */
  direct(ports: readonly number[]): void;
  stop(): Promise<void>;
}

export async function startBalancer(): Promise<Balancer> {
  let targets: readonly number[] = [];
  let turn = 0;
  const open = new Set<Socket>();
  const forward = (client: Socket, tries: number): void => {
    const port = targets[turn++ % Math.max(targets.length, 1)];
    if (port === undefined || tries === 0) {
      client.destroy();
      return;
    }
    const node = connect(port, '127.0.0.1');
    open.add(node);
    let connected = false;
    node.once('connect', () => {
      connected = true;
      client.pipe(node).pipe(client);
    });
    node.on('error', () => {
      if (connected) client.destroy();
      else forward(client, tries - 1);
    });
    node.on('close', () => {
      open.delete(node);
      if (connected) client.destroy();
    });
    client.on('close', () => node.destroy());
  };
  const server = createServer((client) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    forward(client, targets.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    direct(ports) {
      targets = ports;
    },
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
