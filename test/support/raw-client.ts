/** A client that writes bytes and reads bytes, as slowly as it likes: what a well-behaved one never does. */
import { connect } from 'node:net';

export interface RawClient {
  send(text: string): void;
  /** Everything that came so far. */
  received(): string;
  /** Resolves when what came matches. Rejects with what came instead when the connection ends before. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with everything that came when the other side has closed. */
  closed: Promise<string>;
  /** Sends one byte again and again until the connection ends. */
  drip(everyMs: number): void;
  end(): void;
}

/** Connects on loopback, as a machine of that address. Resolves once connected; rejects where nobody listens. */
export async function connectRaw(port: number, from = '127.0.0.1'): Promise<RawClient> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  let text = '';
  let dripping: NodeJS.Timeout | undefined;
  const watchers = new Set<() => void>();
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (const watch of watchers) watch();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  // Cut connections are what these clients are for.
  socket.on('error', () => undefined);
  const closed = new Promise<string>((resolve) => {
    socket.once('close', () => {
      clearInterval(dripping);
      resolve(text);
    });
  });
  return {
    send: (bytes) => void socket.write(bytes),
    received: () => text,
    closed,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(text)) return;
          watchers.delete(look);
          resolve(text);
        };
        watchers.add(look);
        void closed.then(() => reject(new Error(`closed, and only this came: ${text.slice(0, 300)}`)));
        look();
      }),
    drip(everyMs) {
      dripping = setInterval(() => socket.write('x'), everyMs);
    },
    end: () => void socket.destroy(),
  };
}

/** The head of a request whose body never comes whole. */
export function unfinishedForm(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = {
    host: 'localhost',
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': '60000',
    ...headers,
  };
  return `POST ${path} HTTP/1.1\r\n${Object.entries(lines)
    .map((line) => line.join(': '))
    .join('\r\n')}\r\n\r\na=`;
}
