/**
 * The Node servers from which the application gets its requests: plain or TLS, with a time-out for each part of a
 * request, and an orderly shutdown. Everything that a connection can wait for has a limit: headers, the whole request,
 * the pause between two requests, and a client that does not read its answer. Knows no route.
 */
import { lookup } from 'node:dns/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Config, TlsPair } from '../config/config.js';
import type { Clock } from '../kernel/clock.js';
import { connectionsWithin, readDescriptorLimit } from '../kernel/own-limits.js';
import { createSocketAnswers, MAX_HEADER_BYTES, type SocketAnswersOptions } from './client-error.js';
import { createConnections } from './connections.js';
import { createGate, type GateFigures } from './gate.js';
import { createGateAnswers } from './gate-answers.js';

export interface ListenerOptions extends SocketAnswersOptions {
  readonly tls: Config['tls'];
  readonly trustProxy: readonly string[];
  readonly limits: Config['limits'];
  readonly shutdown: Config['shutdown'];
  readonly database: Pick<Config['database'], 'connections'>;
  /** Returns how many statements wait for a connection, or for a place of all writes. */
  readDatabaseWaiting(): number;
  /** Returns how many statements got a connection since the start. */
  readDatabaseServed(): number;
  readonly clock: Clock;
  /** Milliseconds for a TLS handshake; {@link HANDSHAKE_MS} if absent. */
  readonly handshakeMs?: number;
}

export interface Listener {
  /** Creates the Node server from which the application gets its requests. */
  createServer(onRequest: RequestListener): Server;
  /** Starts to listen and returns the port. Rejects when the port is in use, or the address is not this machine's. */
  listen(app: FastifyInstance, port: number, host: string): Promise<number>;
  /** Uses this certificate and key for new connections. Does nothing without TLS. */
  setCertificate(pair: TlsPair): void;
  /** Reads the numbers of requests in progress and queued, for metrics. */
  readFigures(): GateFigures;
  /** True once the server shuts down. The health check then reports "not ready". */
  isStopping(): boolean;
  /**
   * Shuts down in this order: reports "not ready"; after a delay accepts no more connections and closes idle ones;
   * answers requests that have arrived completely; closes the rest. Takes at most the grace period, minus the time that
   * the rest of the server needs to stop.
   */
  stop(app: FastifyInstance): Promise<void>;
}

/**
 * Milliseconds after which a connection without any traffic is closed: the client does not read its answer, or does not
 * continue its handshake. No answer takes that long to make.
 */
const STALLED_MS = 120_000;
/**
 * Milliseconds for a TLS handshake. A client's system connects before the client's program runs again: a program that is
 * busy (deploy-cli compiles its schemas for a quarter of a minute) sends its first byte late, and must not find the
 * connection closed. Attack: a stranger who sends nothing holds a connection for so long. Without TLS it is closed
 * sooner, by `headersTimeout`, so this is not longer than such a program needs; and no network holds more than its share
 * (connections.ts).
 */
export const HANDSHAKE_MS = 45_000;
/** How often Node looks for requests that have exceeded their time-out. */
const CHECK_MS = 1_000;
/**
 * Maximum number of connections that wait to be accepted, if the system allows as many (net.core.somaxconn). Attack:
 * one network opens so many connections at once that those of others are dropped; their systems try again only after
 * one, three and seven seconds.
 */
const BACKLOG = 4_096;
/** Part of the grace period that is reserved for mails, jobs and the database after the last answer. */
const RESERVE_SHARE = 0.25;
const MAX_RESERVE_MS = 5_000;

function toServerOptions({ requestSeconds, idleSeconds }: Config['limits']) {
  return {
    maxHeaderSize: MAX_HEADER_BYTES,
    // Attack: a client sends one byte at a time, and so keeps a connection and its memory indefinitely.
    headersTimeout: requestSeconds * 500,
    requestTimeout: requestSeconds * 1_000,
    keepAliveTimeout: idleSeconds * 1_000,
    connectionsCheckingInterval: CHECK_MS,
  };
}

/**
 * Returns all addresses of `localhost`, since browsers may use IPv6 and programs IPv4. Returns any other host as
 * written.
 */
export async function findAddresses(host: string): Promise<readonly string[]> {
  if (host !== 'localhost') return [host];
  const found = await lookup(host, { all: true }).catch(() => []);
  return found.length === 0 ? [host] : [...new Set(found.map(({ address }) => address))];
}

/**
 * Listens on a further address. Also resolves when the machine has no such address; then the server listens only on the
 * first one.
 */
export function listenBeside(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve) => {
    server.once('error', () => resolve());
    server.listen(port, host, BACKLOG, resolve);
  });
}

/**
 * Returns how many connections may be open. Attack: somebody opens so many that the process has no file descriptor
 * left, and cannot reach the database.
 */
function findMaximum({ limits: { maximum }, logger }: ListenerOptions): number {
  const descriptors = readDescriptorLimit();
  const possible = connectionsWithin(maximum, descriptors);
  if (possible < maximum)
    logger.warn({ maximum, descriptors, possible }, 'takes fewer connections: the descriptors (ulimit -n) are too few');
  return possible;
}

/** Creates the listener, which does not listen yet. */
export function createListener(options: ListenerOptions): Listener {
  const { limits, shutdown, handshakeMs = HANDSHAKE_MS } = options;
  let { tls } = options;
  const connections = createConnections({
    log: options.logger,
    maximum: findMaximum(options),
    trustProxy: options.trustProxy,
  });
  const gate = createGate({
    clock: options.clock,
    trustProxy: options.trustProxy,
    databaseConnections: options.database.connections,
    readDatabaseWaiting: options.readDatabaseWaiting,
    readDatabaseServed: options.readDatabaseServed,
    refuse: createGateAnswers(options),
  });
  const answers = createSocketAnswers(options, (socket) => connections.findExchange(socket));
  const servers: Server[] = [];
  let answer: RequestListener = () => {};
  let stopping = false;

  const create = (): Server => {
    const common = toServerOptions(limits);
    const server: Server | TlsServer =
      tls === undefined ? createServer(common) : createTlsServer({ ...common, ...tls, handshakeTimeout: handshakeMs });
    server.setTimeout(STALLED_MS);
    server.on('clientError', (error: Error, socket) => answers.onClientError(error, socket as Socket));
    server.on('connection', () => gate.noteConnection());
    connections.watch(server, (request, response) => gate.admit(request, response, answer));
    servers.push(server);
    return server;
  };
  return {
    createServer(onRequest) {
      answer = onRequest;
      return create();
    },
    async listen(app, port, host) {
      const [first = host, ...others] = await findAddresses(host);
      // The framework does not see that the servers of this file speak TLS, and would log http.
      const listenTextResolver = (address: string) =>
        `Server listening at ${tls === undefined ? address : address.replace(/^http:/, 'https:')}`;
      await app.listen({ port, host: first, backlog: BACKLOG, listenTextResolver });
      const listening = (app.server.address() as AddressInfo).port;
      for (const other of others) await listenBeside(create(), listening, other);
      return listening;
    },
    setCertificate(pair) {
      tls = pair;
      for (const server of servers) if (server instanceof TlsServer) server.setSecureContext(pair);
    },
    readFigures: () => gate.readFigures(),
    isStopping: () => stopping,
    async stop(app) {
      stopping = true;
      const delayMs = app.server.listening ? shutdown.delaySeconds * 1_000 : 0;
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      const closed = app.close();
      for (const server of servers) {
        server.close();
        server.closeIdleConnections();
      }
      const graceMs = shutdown.graceSeconds * 1_000;
      const reserveMs = Math.min(MAX_RESERVE_MS, graceMs * RESERVE_SHARE);
      await connections.end(Math.max(0, graceMs - delayMs - reserveMs), answers.answerCut);
      await closed;
    },
  };
}
