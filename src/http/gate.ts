/**
 * The gate in front of all routes. It limits the requests in progress, of all networks and of each, and chooses the
 * next one. If a network sends more than its share, its requests wait in a queue of its own, and are refused when that
 * queue is long; other networks are served meanwhile. A request whose connection closes in the queue is dropped. If the
 * node has more work than it can do, requests that begin a login are refused at once, and those under way go on. Looks
 * only at the sender and the path, never at the request's content.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { Clock } from '../kernel/clock.js';
import { FairLine, type FairLineLimits, type Ticket } from '../kernel/fair-line.js';
import { createMatcher } from '../kernel/networks.js';
import { ApplicationServers } from './application-servers.js';
import { createOverload, type Overload } from './overload.js';

/**
 * Why a request is not served. `too_many`: the queue of its network is full. `waited`: its turn did not come in time.
 * `overloaded`: it begins a login, and the node or the queue of its network is behind.
 */
export type GateRefusal = 'too_many' | 'waited' | 'overloaded';

export interface GateOptions {
  readonly clock: Clock;
  readonly trustProxy: readonly string[];
  /** Number of database connections. If more requests than this are in progress, some wait for a connection. */
  readonly databaseConnections: number;
  /** Returns how many statements wait for a connection, or for a place of all writes. */
  readDatabaseWaiting(): number;
  /** Returns how many statements got a connection since the start. */
  readDatabaseServed(): number;
  /** Answers a request that is not served. */
  refuse(request: IncomingMessage, response: ServerResponse, refusal: GateRefusal): void;
}

export interface GateFigures {
  readonly inProgress: number;
  readonly waiting: number;
  /**
   * Requests not served since the start, by reason. `left` counts those whose connection closed while they were queued.
   */
  readonly notServed: Readonly<Record<GateRefusal | 'left', number>>;
}

export interface Gate {
  /** Calls `serve` with each request when its turn comes. */
  admit(request: IncomingMessage, response: ServerResponse, serve: RequestListener): void;
  /** Tells the gate that a connection was accepted. Then more connections may be waiting to be accepted. */
  noteConnection(): void;
  readFigures(): GateFigures;
}

/**
 * Maximum number of requests in progress; more if the database has many connections. Each takes memory, but one that
 * waits for an identity provider or an Action takes nothing else.
 */
const MOST_IN_PROGRESS = 512;
/**
 * Milliseconds above which a turn of the event loop counts as long. A long turn delays the next step of every request.
 */
const LONG_TURN_MS = 5;
/**
 * Maximum number of consecutive turns of the event loop in which no queued request begins, so that new connections are
 * accepted. Node accepts one connection per turn, so long turns would delay everybody who has to connect first.
 */
const MOST_TURNS_FOR_CONNECTIONS = 32;
/**
 * Milliseconds for which a request may be queued: longer than it takes to serve several hundred people at one address,
 * shorter than people wait.
 */
const LONGEST_WAIT_MS = 10_000;
/**
 * If this many beginnings of logins are queued for a network, and the oldest one has waited for this long, the next one is
 * refused at once: it would wait as long, and then for each further step.
 */
const QUEUED_BEGINNINGS = { count: 16, waitMs: 5_000 };
/**
 * Requests of one block of networks that count for the load of the node. So it takes several blocks to make it refuse
 * logins: one that sends too much waits in its own queue.
 */
const MOST_OF_A_BLOCK = 8;
/**
 * Milliseconds before a refused request is answered. So a program that retries at once costs one answer in this time,
 * not a thousand.
 */
const REFUSAL_PAUSE_MS = 3_000;
const REFUSE_EVERY_MS = 10;
const REFUSED_TOGETHER = 8;
/**
 * Milliseconds after which a request gives up its place, if its connection has closed and its handler has not answered.
 */
const LONGEST_WITHOUT_CONNECTION_MS = 60_000;
/** How many health checks may be in progress without passing the gate. */
const HEALTH_LANE = 8;
/** The path that begins a login. Written in another way, it is served like one under way. */
const BEGINNING = '/authorize';
const TOKENS = '/oauth/token';
const HEALTH = new Set(['/health/live', '/health/ready', '/health/seen']);

function toLimits(databaseConnections: number): FairLineLimits {
  const most = 2 * Math.max(16, databaseConnections);
  return {
    all: Math.max(MOST_IN_PROGRESS, 4 * most),
    most: { machine: most, site: 1.5 * most, block: 2 * most, application: most },
    perTurn: { machine: 8, site: 12, block: 16, application: 16 },
    whileBusy: { machine: 2, site: 3, block: 4, application: most },
    waiting: { machine: 512, site: 768, block: 1_024, application: 1_024 },
    beginnings: QUEUED_BEGINNINGS,
  };
}

/**
 * Returns the function that finds the address for which a request counts. That is the peer's address; behind trusted
 * proxies, the last address in X-Forwarded-For that is not a trusted proxy. Equal to the framework's `request.ip`.
 */
export function createClientFinder(trustProxy: readonly string[]): (request: IncomingMessage) => string {
  const matches = createMatcher(trustProxy);
  const isTrusted = (address: string) => isIP(address) !== 0 && matches(address);
  return ({ socket, headers }) => {
    const peer = socket.remoteAddress ?? '';
    if (trustProxy.length === 0) return peer;
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    const chain = [...forwarded.map((part) => part.trim()).filter((part) => part !== ''), peer].reverse();
    return chain.find((address) => !isTrusted(address)) ?? chain.at(-1) ?? peer;
  };
}

/**
 * Calls `over` once the work for a request is over: when its answer is complete, not when the connection closes.
 * Attack: somebody closes the connection after half a second and asks again, to have any number of requests in
 * progress.
 */
function whenOver(response: ServerResponse, over: () => void): void {
  const state = { isOver: false, isClosed: false, isPiped: false };
  const finish = () => {
    if (state.isOver) return;
    state.isOver = true;
    over();
  };
  const { end } = response;
  response.end = ((...args: unknown[]) => {
    const ended = Reflect.apply(end, response, args);
    finish();
    return ended;
  }) as typeof end;
  // The transfer of a file to a closed connection never ends, so the closing counts as its end.
  response.once('pipe', () => {
    state.isPiped = true;
    if (state.isClosed) finish();
  });
  response.once('close', () => {
    state.isClosed = true;
    if (state.isPiped || response.writableEnded) finish();
    else if (!state.isOver) setTimeout(finish, LONGEST_WITHOUT_CONNECTION_MS).unref();
  });
}

/** The path as it was sent, without its query. */
function pathOf({ url = '' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '';
}

interface Due {
  readonly dueAt: number;
  refuse(): void;
}

class RequestGate implements Gate {
  readonly #line: FairLine;
  readonly #findClient: (request: IncomingMessage) => string;
  readonly #notServed = { too_many: 0, waited: 0, overloaded: 0, left: 0 };
  readonly #overload: Overload;
  readonly #applications = new ApplicationServers();
  readonly #refusals = new Set<Due>();
  #refusing: NodeJS.Timeout | undefined;
  #healthChecks = 0;
  #turnBeganAt: number | undefined;
  #hasNewConnection = false;
  #turnsForConnections = 0;

  constructor(readonly options: GateOptions) {
    this.#line = new FairLine(toLimits(options.databaseConnections));
    this.#findClient = createClientFinder(options.trustProxy);
    this.#overload = createOverload({ ...options, readCrowd: () => this.#line.countCrowd(MOST_OF_A_BLOCK) });
  }

  readFigures(): GateFigures {
    return { inProgress: this.#line.running, waiting: this.#line.waiting, notServed: { ...this.#notServed } };
  }

  noteConnection(): void {
    this.#hasNewConnection = true;
  }

  admit(request: IncomingMessage, response: ServerResponse, serve: RequestListener): void {
    if (this.#isHealthCheck(request)) {
      this.#healthChecks += 1;
      response.once('close', () => {
        this.#healthChecks -= 1;
      });
      serve(request, response);
      return;
    }
    const path = pathOf(request);
    const [isBeginning, isToken] = [path === BEGINNING, path === TOKENS];
    if (isBeginning && !this.#overload.mayBegin()) {
      this.#refuseLater(request, response, 'overloaded', 0);
      return;
    }
    const arrivedAtMs = this.options.clock.monotonicMs();
    const ticket: Ticket = { isBeginning, arrivedAtMs, begin: () => begin() };
    const client = this.#findClient(request);
    const serveNow = () => {
      whenOver(response, () => {
        if (isToken && response.statusCode === 200)
          this.#applications.noteTokens(client, this.options.clock.monotonicMs());
        this.#line.finish(ticket);
        this.#keepTurns();
      });
      serve(request, response);
    };
    const entrance = this.#line.enter(ticket, this.#applications.sendersOf(client, arrivedAtMs));
    this.#keepTurns();
    if (entrance === 'begun') serveNow();
    if (entrance === 'full') this.#refuseLater(request, response, 'too_many', REFUSAL_PAUSE_MS);
    if (entrance === 'behind') this.#refuseLater(request, response, 'overloaded', 0);
    if (entrance !== 'waits') return;
    const onClose = () => {
      clearTimeout(timer);
      this.#line.leave(ticket);
      this.#notServed.left += 1;
    };
    const timer = setTimeout(() => {
      response.off('close', onClose);
      this.#line.leave(ticket);
      this.#refuseLater(request, response, 'waited', 0);
    }, LONGEST_WAIT_MS);
    response.once('close', onClose);
    const begin = () => {
      clearTimeout(timer);
      response.off('close', onClose);
      serveNow();
    };
  }

  /** True for a health check, unless too many are in progress. */
  #isHealthCheck(request: IncomingMessage): boolean {
    return HEALTH.has(pathOf(request)) && this.#healthChecks < HEALTH_LANE;
  }

  #refuse(request: IncomingMessage, response: ServerResponse, refusal: GateRefusal): void {
    this.#notServed[refusal] += 1;
    this.options.refuse(request, response, refusal);
  }

  /**
   * Queues a refusal. Only a few are answered at a time: those of a whole queue would be one long turn of the event
   * loop.
   */
  #refuseLater(request: IncomingMessage, response: ServerResponse, refusal: GateRefusal, pauseMs: number): void {
    const dueAt = this.options.clock.monotonicMs() + pauseMs;
    const due: Due = { dueAt, refuse: () => this.#refuse(request, response, refusal) };
    this.#refusals.add(due);
    response.once('close', () => this.#refusals.delete(due));
    this.#refuseSoon();
  }

  #refuseSoon(): void {
    if (this.#refusing !== undefined || this.#refusals.size === 0) return;
    this.#refusing = setTimeout(() => {
      this.#refusing = undefined;
      const now = this.options.clock.monotonicMs();
      const due = [...this.#refusals].filter(({ dueAt }) => dueAt <= now).slice(0, REFUSED_TOGETHER);
      for (const one of due) {
        this.#refusals.delete(one);
        one.refuse();
      }
      this.#refuseSoon();
    }, REFUSE_EVERY_MS);
  }

  /** True when this turn of the event loop is for accepting connections, so that no queued request begins. */
  #isForConnections(): boolean {
    const isLeft = this.#hasNewConnection && this.#turnsForConnections < MOST_TURNS_FOR_CONNECTIONS;
    this.#hasNewConnection = false;
    this.#turnsForConnections = isLeft ? this.#turnsForConnections + 1 : 0;
    return isLeft;
  }

  /**
   * Tells the queue when each turn of the event loop is over and whether it was long. Stops when the queue does not
   * need that.
   */
  #keepTurns(): void {
    if (this.#turnBeganAt !== undefined || !this.#line.needsTurn) return;
    const { clock } = this.options;
    const endTurn = () => {
      const now = clock.monotonicMs();
      const isBusy = now - (this.#turnBeganAt ?? now) > LONG_TURN_MS;
      this.#turnBeganAt = now;
      if (!this.#isForConnections()) this.#line.endTurn(isBusy);
      if (this.#line.needsTurn) setImmediate(endTurn);
      else this.#turnBeganAt = undefined;
    };
    this.#turnBeganAt = clock.monotonicMs();
    setImmediate(endTurn);
  }
}

/** Creates a gate without requests. */
export function createGate(options: GateOptions): Gate {
  return new RequestGate(options);
}
