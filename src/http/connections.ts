/**
 * The open connections of the server: the requests and answers on each, the limit for each network, and the shutdown.
 * Serves the requests of one connection one after the other. At the shutdown, requests that have arrived completely are
 * answered first; those still being sent get two seconds. Knows nothing of the content of requests.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createMatcher, type NetworkWidth, networksOf } from '../kernel/networks.js';

/** A request, and the answer to it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

export interface ConnectionsOptions {
  readonly log: { warn(fields: object, message: string): void };
  /** Maximum number of open connections of all networks together. */
  readonly maximum: number;
  /**
   * Addresses or networks of trusted proxies. Many people share a proxy, so the limit for one network does not apply to
   * it.
   */
  readonly trustProxy: readonly string[];
}

export interface Connections {
  /**
   * Counts the connections of `server` from now on, and calls `serve` with one request of each connection at a time.
   */
  watch(server: Server, serve: RequestListener): void;
  /**
   * Finds the exchange of this connection that is unanswered, or was answered before its request had arrived
   * completely.
   */
  findExchange(socket: Socket): Exchange | undefined;
  /**
   * Waits at most `limitMs` for the answers to all requests that have arrived completely, and at most {@link
   * SENDING_MS} for those still being sent. Calls `answerCut` with each unanswered request, then closes every
   * connection.
   */
  end(limitMs: number, answerCut: (exchange: Exchange) => void): Promise<void>;
}

/**
 * The part of all connections that one network may have: enough for several hundred people behind one address. An IPv6
 * site (/56) contains 256 machines (/64), so the wider networks have limits as well.
 */
const SHARES = { machine: 1 / 4, site: 3 / 8, block: 1 / 2 } as const satisfies Readonly<Record<NetworkWidth, number>>;
/**
 * Maximum number of unanswered requests of one connection. Browsers, proxies and the usual clients send the next
 * request only after the answer to the last one. A client that sends several at once has to expect that the connection
 * closes before all are answered (RFC 9112 section 9.3.2).
 */
const MOST_UNANSWERED = 16;
/**
 * Milliseconds that a request still being sent gets at the shutdown; a browser can send a form in that time over a slow
 * connection. Without this limit, a client that sends a byte now and then would delay the shutdown endlessly.
 */
const SENDING_MS = 2_000;
/** Milliseconds between answering an interrupted request and closing its connection, so that the answer arrives. */
const LINGER_MS = 250;
const WARN_EVERY_MS = 60_000;

/** Creates a pause that ends after `ms`, or when `wake` is called. */
function createPause(): { wait(ms: number): Promise<void>; wake(): void } {
  let end: () => void = () => {};
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => end(),
  };
}

class OpenConnections implements Connections {
  readonly #sockets = new Set<Socket>();
  readonly #unanswered = new Map<Socket, Set<Exchange>>();
  /**
   * The last exchange of each socket, even if it was answered before its whole request arrived. A second answer would
   * then be read as the answer to the next request.
   */
  readonly #last = new WeakMap<Socket, Exchange>();
  readonly #perNetwork = new Map<string, number>();
  readonly #isTrusted: (address: string) => boolean;
  readonly #pause = createPause();
  #mayWarn = true;

  constructor(readonly options: ConnectionsOptions) {
    this.#isTrusted = createMatcher(options.trustProxy);
  }

  watch(server: Server, serve: RequestListener): void {
    server.maxConnections = this.options.maximum;
    server.on('drop', () => this.#warn('refused a connection: as many are open as may be', {}));
    server.on('connection', (socket: Socket) => this.#take(socket));
    server.on('request', (request, response) => this.#begin({ request, response }, serve));
  }

  /**
   * Begins the exchange when all earlier ones of its connection are over, which means that their answers have left this
   * process. So at most one answer waits for a slow reader. Attack: a client sends a thousand requests in one packet
   * and reads no answer; each request would begin its work and open its file.
   */
  #begin(exchange: Exchange, serve: RequestListener): void {
    const { request, response } = exchange;
    const { socket } = request;
    // One packet may hold several requests. The connection was closed below, while an earlier one was read.
    if (socket.destroyed) return;
    const here = this.#unansweredOn(socket);
    here.add(exchange);
    this.#last.set(socket, exchange);
    response.once('close', () => {
      here.delete(exchange);
      if (request.complete && this.#last.get(socket) === exchange) this.#last.delete(socket);
      this.#pause.wake();
      const [next] = here;
      if (next !== undefined && !socket.destroyed) serve(next.request, next.response);
    });
    if (here.size === 1) serve(request, response);
    else if (here.size > MOST_UNANSWERED) socket.destroy();
  }

  #unansweredOn(socket: Socket): Set<Exchange> {
    const known = this.#unanswered.get(socket);
    if (known !== undefined) return known;
    const made = new Set<Exchange>();
    this.#unanswered.set(socket, made);
    // The client may leave after sending several requests. Node then closes only the answer that has the socket; the
    // later ones would keep their files and memory.
    socket.once('close', () => {
      this.#unanswered.delete(socket);
      for (const exchange of [...made]) {
        exchange.response.destroy();
        // Node emits `close` only for the answer that has the socket.
        if (made.has(exchange)) exchange.response.emit('close');
      }
      this.#pause.wake();
    });
    return made;
  }

  #listUnanswered(): readonly Exchange[] {
    return [...this.#unanswered.values()].flatMap((exchanges) => [...exchanges]);
  }

  findExchange(socket: Socket): Exchange | undefined {
    return this.#last.get(socket);
  }

  async end(limitMs: number, answerCut: (exchange: Exchange) => void): Promise<void> {
    const limits = { sending: true, answering: true };
    const after = (ms: number, limit: keyof typeof limits) =>
      setTimeout(() => {
        limits[limit] = false;
        this.#pause.wake();
      }, ms);
    const timers = [after(Math.min(SENDING_MS, limitMs), 'sending'), after(limitMs, 'answering')];
    while (this.#sockets.size > 0 && (limits.sending || (limits.answering && this.#isAnswering())))
      await this.#pause.wait(limitMs);
    for (const timer of timers) clearTimeout(timer);
    await this.#closeAll(answerCut);
  }

  /** True when a request has arrived completely and is unanswered. */
  #isAnswering(): boolean {
    return this.#listUnanswered().some(({ request }) => request.complete);
  }

  async #closeAll(answerCut: (exchange: Exchange) => void): Promise<void> {
    const cut = this.#listUnanswered();
    for (const exchange of cut) answerCut(exchange);
    if (cut.length > 0) await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    for (const socket of this.#sockets) socket.destroy();
  }

  /**
   * Counts a new connection, or closes it if its network has too many. Attack: one machine opens every available
   * connection, and keeps each for as long as possible.
   */
  #take(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const networks = this.#isTrusted(address) ? [] : networksOf(address);
    const openOf = (name: string) => this.#perNetwork.get(name) ?? 0;
    const full = networks.find(({ name, width }) => openOf(name) >= Math.ceil(this.options.maximum * SHARES[width]));
    if (full !== undefined) {
      socket.destroy();
      this.#warn('refused a connection: this network has as many as one may have', { network: full.name });
      return;
    }
    this.#sockets.add(socket);
    for (const { name } of networks) this.#perNetwork.set(name, openOf(name) + 1);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      for (const { name } of networks) this.#leave(name);
      this.#pause.wake();
    });
  }

  #leave(network: string): void {
    const open = (this.#perNetwork.get(network) ?? 1) - 1;
    if (open > 0) this.#perNetwork.set(network, open);
    else this.#perNetwork.delete(network);
  }

  #warn(message: string, fields: object): void {
    if (!this.#mayWarn) return;
    this.#mayWarn = false;
    setTimeout(() => {
      this.#mayWarn = true;
    }, WARN_EVERY_MS).unref();
    this.options.log.warn({ ...fields, open: this.#sockets.size, maximum: this.options.maximum }, message);
  }
}

/** Creates the register of connections. It does nothing until `watch` is called. */
export function createConnections(options: ConnectionsOptions): Connections {
  return new OpenConnections(options);
}
