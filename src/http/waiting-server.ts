/**
 * The server of a node that cannot start yet, since its database is away: tells balancers that it lives and is not
 * ready, and everybody else to come back. Reads nothing of a request except its path. Knows no part of the product, and
 * closes before the real one listens.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Config } from '../config/config.js';
import { findAddresses, listenBeside } from './listener.js';

export interface WaitingServer {
  /** Sentence that /health/ready gives. It must name no host and no secret. */
  reason: string;
  /** Listens, unless it already does. Rejects as the real listener would, for example when the port is in use. */
  listen(): Promise<void>;
  close(): Promise<void>;
}

const RETRY_AFTER_SECONDS = 5;
const SENTENCE = 'The sign-in server is starting. Try again in a moment.';
/**
 * Limits of a connection. Attack: somebody opens connections and says nothing, until the process has no descriptor left
 * for its database.
 */
const MOST_CONNECTIONS = 256;
const LIMIT_MS = 5_000;

function answer({ url = '' }: IncomingMessage, response: ServerResponse, reason: string): void {
  const path = url.split('?', 1)[0];
  const isLive = path === '/health/live';
  const isHealth = isLive || path === '/health/ready';
  const health = JSON.stringify(isLive ? { status: 'live' } : { status: 'not ready', reason });
  response
    .writeHead(isLive ? 200 : 503, {
      'content-type': isHealth ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...(!isLive && { 'retry-after': String(RETRY_AFTER_SECONDS) }),
      // The next request belongs to the real server.
      connection: 'close',
    })
    .end(isHealth ? health : SENTENCE);
}

/** Creates the server at the port of `config`, which does not listen yet. */
export function createWaitingServer({ port, host, tls }: Pick<Config, 'port' | 'host' | 'tls'>): WaitingServer {
  const servers: Server[] = [];
  const create = (): Server => {
    const onRequest = (request: IncomingMessage, response: ServerResponse) => answer(request, response, waiting.reason);
    const limits = { requestTimeout: LIMIT_MS, headersTimeout: LIMIT_MS, connectionsCheckingInterval: 1_000 };
    const server =
      tls === undefined
        ? createServer(limits, onRequest)
        : createTlsServer({ ...limits, ...tls, handshakeTimeout: LIMIT_MS }, onRequest);
    server.maxConnections = MOST_CONNECTIONS;
    server.setTimeout(LIMIT_MS);
    servers.push(server);
    return server;
  };
  const waiting: WaitingServer = {
    reason: 'the node is starting',
    async listen() {
      if (servers.length > 0) return;
      const [first = host, ...others] = await findAddresses(host);
      const server = create();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, first, () => {
          server.off('error', reject);
          resolve();
        });
      });
      for (const other of others) await listenBeside(create(), port, other);
    },
    async close() {
      await Promise.all(
        servers.splice(0).map(
          (server) =>
            new Promise<void>((resolve) => {
              server.close(() => resolve());
              server.closeAllConnections();
            }),
        ),
      );
    },
  };
  return waiting;
}
