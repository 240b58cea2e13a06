/**
 * The server of a node that cannot start yet, since its database is away: tells balancers and Prometheus that it lives
 * and is not ready, and everybody else to come back. Reads nothing of a request except its path. Knows no part of the
 * product, and closes before the real one listens.
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

/** The one metric of a node that waits. Without it Prometheus takes the node for one that is down. */
const NOT_READY = `# HELP vestibule_ready 1 while this node can serve, as /health/ready says, else 0.
# TYPE vestibule_ready gauge
vestibule_ready 0
`;

function answerMetrics({ url }: IncomingMessage, response: ServerResponse): void {
  const isMetrics = url === '/metrics';
  response
    .writeHead(isMetrics ? 200 : 404, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      connection: 'close',
    })
    .end(isMetrics ? NOT_READY : '');
}

function listenAt(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

const LIMITS = { requestTimeout: LIMIT_MS, headersTimeout: LIMIT_MS, connectionsCheckingInterval: 1_000 };

/** Creates the server at the ports of `config`, which does not listen yet. */
export function createWaitingServer({
  port,
  host,
  tls,
  metricsPort,
}: Pick<Config, 'port' | 'host' | 'tls' | 'metricsPort'>): WaitingServer {
  const servers: Server[] = [];
  const keep = (server: Server): Server => {
    server.maxConnections = MOST_CONNECTIONS;
    server.setTimeout(LIMIT_MS);
    servers.push(server);
    return server;
  };
  const create = (): Server => {
    const onRequest = (request: IncomingMessage, response: ServerResponse) => answer(request, response, waiting.reason);
    return keep(
      tls === undefined
        ? createServer(LIMITS, onRequest)
        : createTlsServer({ ...LIMITS, ...tls, handshakeTimeout: LIMIT_MS }, onRequest),
    );
  };
  const waiting: WaitingServer = {
    reason: 'the node is starting',
    async listen() {
      if (servers.length > 0) return;
      const [first = host, ...others] = await findAddresses(host);
      await listenAt(create(), port, first);
      for (const other of others) await listenBeside(create(), port, other);
      if (metricsPort !== undefined)
        await listenAt(keep(createServer(LIMITS, answerMetrics)), metricsPort, '127.0.0.1');
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
