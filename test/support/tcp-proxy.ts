/** A proxy before the test database that can fall silent, as a network does that was cut: connections stay open and nothing comes. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import pg from 'pg';

export interface TcpProxy {
  /** The address of the database through this proxy. */
  readonly url: string;
  /** Those that are open are silent permanently; new ones work: a fail-over. */
  freezeOpen(): void;
  /** New ones are silent too: a partition. `thaw` ends that for those that come afterwards. */
  freezeAll(): void;
  thaw(): void;
  stop(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  silent: boolean;
}

function forward(pair: Pair): void {
  const pass = (from: Socket, to: Socket) => {
    from.on('data', (bytes) => {
      if (!pair.silent) to.write(bytes);
    });
    from.on('close', () => {
      if (!pair.silent) to.destroy();
    });
    from.on('error', () => undefined);
  };
  pass(pair.near, pair.far);
  pass(pair.far, pair.near);
}

/** Stands before the database of `databaseUrl`, wherever that listens. */
export async function startTcpProxy(databaseUrl: string): Promise<TcpProxy> {
  const { host, port, user, password, database } = new pg.Client({ connectionString: databaseUrl });
  const pairs = new Set<Pair>();
  let silent = false;
  const server = createServer((near) => {
    const far = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    const pair = { near, far, silent };
    pairs.add(pair);
    forward(pair);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(`postgres://127.0.0.1:${(server.address() as AddressInfo).port}/${database}`);
  url.username = encodeURIComponent(user ?? '');
  url.password = encodeURIComponent(String(password ?? ''));
  const freezeOpen = () => {
    for (const pair of pairs) pair.silent = true;
  };
  return {
    url: url.href,
    freezeOpen,
    freezeAll() {
      silent = true;
      freezeOpen();
    },
    thaw() {
      silent = false;
    },
    async stop() {
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
