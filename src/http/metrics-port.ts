/**
 * The port of the metrics: `/metrics` on 127.0.0.1, and nothing else. A figure that cannot be read closes the connection,
 * so that a scrape fails visibly.
 */
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createConnections } from './connections.js';

export interface MetricsPort {
  /** Rejects when the port is in use. */
  listen(port: number): Promise<void>;
  close(): Promise<void>;
}

/** Maximum number of connections to the metrics; a program that reads the figures uses one. */
const MOST_READERS = 64;
const LOOPBACK = '127.0.0.0/8';

/** Creates the port, which does not listen yet. `read` returns the figures as text of this content type. */
export function createMetricsPort(contentType: string, read: () => Promise<string>): MetricsPort {
  const answer = async (url: string | undefined, response: ServerResponse): Promise<void> => {
    if (url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': contentType }).end(await read());
  };
  let server: Server | undefined;
  return {
    async listen(port) {
      const started = createServer();
      const connections = createConnections({ log: { warn: () => {} }, maximum: MOST_READERS, trustProxy: [LOOPBACK] });
      connections.watch(started, (request, response) => {
        answer(request.url, response).catch(() => response.destroy());
      });
      server = started;
      await new Promise<void>((resolve, reject) => {
        started.once('error', reject);
        started.listen(port, '127.0.0.1', resolve);
      });
    },
    async close() {
      const running = server;
      if (running === undefined) return;
      const closed = new Promise((resolve) => running.close(resolve));
      // Closes connections that a reader of the metrics keeps open, so that the shutdown does not wait for it.
      running.closeAllConnections();
      await closed;
    },
  };
}
