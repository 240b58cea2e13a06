/**
 * A pooler in transaction mode, as pgbouncer is one, as far as a client meets it: a server process per transaction, never the same one
 * twice in a row, and no settings of a connection. Lets everybody in without a password: for tests only.
 */
import { type AddressInfo, createServer, type Socket } from 'node:net';
import pg from 'pg';

export interface TransactionPooler {
  readonly url: string;
  stop(): Promise<void>;
}

interface Backend {
  readonly socket: Socket;
  /** Gets what the server process says; undefined while nobody has it. */
  client: Socket | undefined;
  rest: Buffer;
}

const SETTINGS = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout'];
const SSL_REQUEST = 80877103;

function message(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part)));
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const READY = message('Z', Buffer.from('I'));
const WELCOME = Buffer.concat([
  message('R', int32(0)),
  message('S', 'client_encoding', 'UTF8'),
  message('S', 'server_version', '18.0'),
  message('K', int32(1), int32(1)),
  READY,
]);

/** Calls `onIdle` when a whole message says that no transaction is open. */
function readAnswers(backend: Backend, bytes: Buffer, onIdle: () => void): void {
  let rest = Buffer.concat([backend.rest, bytes]);
  let isIdle = false;
  while (rest.length >= 5 && rest.length >= rest.readInt32BE(1) + 1) {
    const length = rest.readInt32BE(1) + 1;
    isIdle = rest[0] === 0x5a && rest[5] === 0x49;
    rest = rest.subarray(length);
  }
  backend.rest = rest;
  if (isIdle && rest.length === 0) onIdle();
}

async function openBackend(databaseUrl: string): Promise<Backend> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // Its end is the test's own doing.
  client.on('error', () => undefined);
  await client.connect();
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  // Signed in by the driver, which from now on does not read it.
  stream.removeAllListeners('data');
  return { socket: stream, client: undefined, rest: Buffer.alloc(0) };
}

/** Stands before the database with a few server processes. `ignoresSettings`: drops them without a word, else it refuses the connection. */
export async function startTransactionPooler(
  databaseUrl: string,
  { ignoresSettings }: { readonly ignoresSettings: boolean },
): Promise<TransactionPooler> {
  const free: Backend[] = [];
  const all: Backend[] = [];
  const waiting: (() => void)[] = [];
  const clients = new Set<Socket>();
  for (let n = 0; n < 6; n += 1) {
    const backend = await openBackend(databaseUrl);
    backend.socket.on('error', () => undefined);
    backend.socket.on('data', (bytes: Buffer) => {
      backend.client?.write(bytes);
      readAnswers(backend, bytes, () => {
        backend.client = undefined;
        // At the end of the line: the next transaction meets another process.
        free.push(backend);
        waiting.shift()?.();
      });
    });
    all.push(backend);
    free.push(backend);
  }

  const forward = (client: Socket, bytes: Buffer): void => {
    const held = all.find((backend) => backend.client === client);
    const backend = held ?? free.shift();
    if (backend === undefined) {
      waiting.push(() => forward(client, bytes));
      return;
    }
    backend.client = client;
    backend.socket.write(bytes);
  };
  const greet = (client: Socket, bytes: Buffer): boolean => {
    if (bytes.readInt32BE(4) === SSL_REQUEST) {
      client.write('N');
      return false;
    }
    const words = bytes.subarray(8).toString('latin1').split('\0');
    const refused = ignoresSettings ? undefined : SETTINGS.find((name) => words.includes(name));
    if (refused === undefined) client.write(WELCOME);
    else client.end(message('E', 'SFATAL', 'C08P01', `Munsupported startup parameter: ${refused}`, ''));
    return refused === undefined;
  };
  const server = createServer((client) => {
    clients.add(client);
    let isIn = false;
    client.on('error', () => undefined);
    client.on('data', (bytes: Buffer) => {
      if (!isIn) isIn = greet(client, bytes);
      // Terminate: the client's connection ends, the server's does not.
      else if (bytes[0] === 0x58) client.end();
      else forward(client, bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const name = new URL(databaseUrl).pathname;
  return {
    url: `postgres://pooled@127.0.0.1:${(server.address() as AddressInfo).port}${name}`,
    async stop() {
      for (const client of clients) client.destroy();
      for (const { socket } of all) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
