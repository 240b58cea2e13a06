/**
 * The gate before all routes: how many requests are in progress, together and of one network, and who is next. A network that sends more than
 * its share waits in a line of its own, and is refused where that line is long; everybody else is served meanwhile. A request whose
 * connection closes while it waits is dropped. Looks at the sender only, never at what the request says, except the health checks.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { Clock } from '../kernel/clock.js';
import { FairLine, type FairLineLimits, type Ticket } from '../kernel/fair-line.js';
import { createMatcher, networksOf } from '../kernel/networks.js';

/** Why a request is not served: its network has too much that waits, or its turn did not come in time. */
export type GateRefusal = 'too_many' | 'waited';

export interface GateOptions {
  readonly clock: Clock;
  readonly trustProxy: readonly string[];
  /** Connections to the database. More work in progress than there are waits for one, and makes others wait. */
  readonly databaseConnections: number;
  /** Answers a request that is not served. */
  refuse(request: IncomingMessage, response: ServerResponse, refusal: GateRefusal): void;
}

export interface GateFigures {
  readonly inProgress: number;
  readonly waiting: number;
  /** Since the start: requests that were not served, by the reason; `left` are those whose connection closed while they waited. */
  readonly notServed: Readonly<Record<GateRefusal | 'left', number>>;
}

export interface Gate {
  /** Calls `serve` with each request when its turn has come. */
  admit(request: IncomingMessage, response: ServerResponse, serve: RequestListener): void;
  /** A connection was accepted: others may wait for the same. */
  noteConnection(): void;
  readFigures(): GateFigures;
}

/** Most requests in progress, or more where the database takes many: each holds memory; requests that wait for an identity provider or an Action hold nothing else. */
const MOST_IN_PROGRESS = 512;
/** A long turn of the event loop: everybody's next step waits for its end. */
const LONG_TURN_MS = 5;
/**
 * In so many turns one after the other nothing of the lines begins while connections come. Node takes one connection in a turn of the event
 * loop, so long turns would make everybody wait who has to connect first.
 */
const MOST_TURNS_FOR_CONNECTIONS = 32;
/** Longer than a burst of a few hundred people at one address takes, shorter than people wait. */
const LONGEST_WAIT_MS = 10_000;
/** Refused requests are answered after this time: a program that asks again at once costs one answer in it, not a thousand. */
const REFUSAL_PAUSE_MS = 3_000;
const REFUSE_EVERY_MS = 10;
const REFUSED_TOGETHER = 8;
/** A handler that never answers a request whose connection is closed keeps its place no longer. */
const LONGEST_WITHOUT_CONNECTION_MS = 60_000;
/** So many health checks at a time are answered without a place. */
const HEALTH_LANE = 8;
const HEALTH = new Set(['/health/live', '/health/ready', '/health/seen']);

function toLimits(databaseConnections: number): FairLineLimits {
  const most = 2 * Math.max(16, databaseConnections);
  return {
    all: Math.max(MOST_IN_PROGRESS, 4 * most),
    most: { machine: most, site: 1.5 * most, block: 2 * most },
    paced: { machine: 2, site: 3, block: 4 },
    waiting: { machine: 512, site: 768, block: 1_024 },
  };
}

/**
 * The address that a request counts for: the peer's, or the one that trusted proxies forward, which is the last in the chain that is no
 * trusted proxy. The same as the framework's `request.ip`.
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
 * Calls `over` once the work for a request is over. That is when its answer is given, not when the connection closes: somebody who closes
 * it after half a second and asks again would have any number of requests in progress.
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
  // A file that is sent to a closed connection is closed, and never comes to its end.
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

interface Due {
  readonly dueAt: number;
  refuse(): void;
}

class RequestGate implements Gate {
  readonly #line: FairLine;
  readonly #findClient: (request: IncomingMessage) => string;
  readonly #notServed = { too_many: 0, waited: 0, left: 0 };
  readonly #refusals = new Set<Due>();
  #refusing: NodeJS.Timeout | undefined;
  #healthChecks = 0;
  #turnBeganAt: number | undefined;
  #hasNewConnection = false;
  #turnsForConnections = 0;

  constructor(readonly options: GateOptions) {
    this.#line = new FairLine(toLimits(options.databaseConnections));
    this.#findClient = createClientFinder(options.trustProxy);
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
    const ticket: Ticket = { begin: () => begin() };
    const serveNow = () => {
      whenOver(response, () => {
        this.#line.finish(ticket);
        this.#keepTurns();
      });
      serve(request, response);
    };
    const entrance = this.#line.enter(ticket, networksOf(this.#findClient(request)));
    this.#keepTurns();
    if (entrance === 'begun') serveNow();
    if (entrance === 'full') this.#refuseLater(request, response, 'too_many', REFUSAL_PAUSE_MS);
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

  /** The address as written, without its query. */
  #isHealthCheck({ url = '' }: IncomingMessage): boolean {
    return url.startsWith('/health/') && HEALTH.has(url.split('?', 1)[0] ?? '') && this.#healthChecks < HEALTH_LANE;
  }

  #refuse(request: IncomingMessage, response: ServerResponse, refusal: GateRefusal): void {
    this.#notServed[refusal] += 1;
    this.options.refuse(request, response, refusal);
  }

  /** Refusals go out a few at a time: those of a whole line would be one long turn of the event loop. */
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

  /** Whether the next turn is left to connections. */
  #isForConnections(): boolean {
    const isLeft = this.#hasNewConnection && this.#turnsForConnections < MOST_TURNS_FOR_CONNECTIONS;
    this.#hasNewConnection = false;
    this.#turnsForConnections = isLeft ? this.#turnsForConnections + 1 : 0;
    return isLeft;
  }

  /** Tells the line when a turn of the event loop is over, and how long it took, for as long as it needs to know. */
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

/** Lets the first requests in at once. */
export function createGate(options: GateOptions): Gate {
  return new RequestGate(options);
}
