/**
 * Shares work fairly among networks. Limits the work in progress, in total and for each network; each network has a
 * queue, and the queues are served in turn. The widest networks take turns, then the networks inside of each, so an
 * owner of many small networks has one turn. In a queue, work that continues something goes before work that begins
 * something. Pure: knows no request and no clock; the caller says when a turn of the event loop is over.
 */
import type { Network, NetworkWidth } from './networks.js';

/** Kinds of senders: networks by their width, and an application's server, which works for many people. */
export type SenderKind = NetworkWidth | 'application';
type Widths = Readonly<Record<SenderKind, number>>;

/** A network with the limits of its kind. */
export interface Sender extends Omit<Network, 'width'> {
  readonly width: SenderKind;
}

export interface FairLineLimits {
  /** Maximum amount of work in progress of all networks together. */
  readonly all: number;
  /** Maximum amount of work in progress of one network. */
  readonly most: Widths;
  /** Maximum amount of work of one network that begins in one turn of the event loop. */
  readonly perTurn: Widths;
  /** Limits while the process is busy: of one network's work that begins in one turn, and of its work in progress. */
  readonly whileBusy: Widths;
  /** Maximum amount of queued work of one network. */
  readonly waiting: Widths;
  /**
   * A further beginning of a network is not queued if `count` of them are, and the oldest one has waited for longer than
   * `waitMs`.
   */
  readonly beginnings: { readonly count: number; readonly waitMs: number };
}

/** Work of one sender, from its arrival until it is finished. */
export interface Ticket {
  /** True for work that begins something, which others continue later. */
  readonly isBeginning: boolean;
  /** Monotonic time of its arrival. */
  readonly arrivedAtMs: number;
  /** Called when queued work may begin; never before {@link FairLine.enter} has returned. */
  begin(): void;
}

interface Branch {
  readonly name: string;
  readonly width: SenderKind;
  running: number;
  begunInTurn: number;
  waiting: number;
  /** Networks inside this one that have queued work, in the order of their turns. */
  readonly line: Map<string, Branch>;
  /**
   * Queued work of this network, in the order of arrival: what continues, and what begins. Only the sender's narrowest
   * network has any; wider ones have `line`.
   */
  readonly tickets: Set<Ticket>;
  readonly beginnings: Set<Ticket>;
}

/**
 * The answer to arriving work: it may begin at once, it is queued, its network's queue is full, or its network is behind
 * with work that began earlier.
 */
export type Entrance = 'begun' | 'waits' | 'full' | 'behind';

const queueOf = ({ isBeginning }: Ticket) => (isBeginning ? 'beginnings' : 'tickets');

export class FairLine {
  readonly #branches = new Map<string, Branch>();
  readonly #line = new Map<string, Branch>();
  readonly #paths = new WeakMap<Ticket, readonly Branch[]>();
  /**
   * Networks whose work began in this turn. They are remembered until the turn is over: otherwise work that finishes at
   * once would not count.
   */
  readonly #begunInTurn = new Set<Branch>();
  #running = 0;
  #waiting = 0;
  #isBusy = false;
  #isServing = false;
  #isHeldBack = false;

  constructor(readonly limits: FairLineLimits) {}

  get running(): number {
    return this.#running;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Returns the amount of work in progress and queued, with at most `most` of each widest network. */
  countCrowd(most: number): number {
    let count = 0;
    for (const { width, running, waiting } of this.#branches.values())
      if (width === 'block' || width === 'application') count += Math.min(most, running + waiting);
    return count;
  }

  /**
   * True when the caller must call {@link endTurn} after this turn of the event loop. That is so if work began in the
   * turn, or if queued work waits for the end of the turn.
   */
  get needsTurn(): boolean {
    return this.#isHeldBack || this.#begunInTurn.size > 0;
  }

  /**
   * Accepts work of a sender in `networks`, the smallest first. With `begun` the caller starts the work itself, and
   * `begin` is not called.
   */
  enter(ticket: Ticket, networks: readonly Sender[]): Entrance {
    const path = [...networks].reverse().map((network) => this.#branchOf(network));
    const isFull = path.some(({ waiting, width }) => waiting >= this.limits.waiting[width]);
    if (isFull) {
      this.#forget(path);
      return 'full';
    }
    // Empty queues are forgotten, so this network's has something in it.
    if (ticket.isBeginning && this.#isBehind(path.at(-1), ticket)) return 'behind';
    this.#paths.set(ticket, path);
    const isFree = this.#running < this.limits.all && (path[0]?.waiting ?? 0) === 0;
    if (isFree && path.every((branch) => this.#mayBegin(branch))) {
      this.#count(path);
      return 'begun';
    }
    this.#wait(ticket, path);
    return 'waits';
  }

  /** Removes queued work that was given up. */
  leave(ticket: Ticket): void {
    const path = this.#paths.get(ticket) ?? [];
    if (!path.at(-1)?.[queueOf(ticket)].delete(ticket)) return;
    this.#unwait(path);
    this.#forget(path);
  }

  /** Reports the end of work that was begun. */
  finish(ticket: Ticket): void {
    const path = this.#paths.get(ticket) ?? [];
    this.#paths.delete(ticket);
    this.#running -= 1;
    for (const branch of path) branch.running -= 1;
    this.#forget(path);
    this.#serve();
  }

  /**
   * Reports the end of a turn of the event loop. `isBusy` means that it was long, so that more work in progress would
   * delay others.
   */
  endTurn(isBusy: boolean): void {
    this.#isBusy = isBusy;
    const begun = [...this.#begunInTurn];
    this.#begunInTurn.clear();
    for (const branch of begun) branch.begunInTurn = 0;
    this.#forget(begun);
    this.#serve();
  }

  #isBehind(branch: Branch | undefined, { arrivedAtMs }: Ticket): boolean {
    const { count, waitMs } = this.limits.beginnings;
    const queued = branch?.beginnings ?? new Set<Ticket>();
    const [oldest] = queued;
    return oldest !== undefined && queued.size >= count && arrivedAtMs - oldest.arrivedAtMs > waitMs;
  }

  #branchOf({ name, width }: Sender): Branch {
    const known = this.#branches.get(name);
    if (known !== undefined) return known;
    const made: Branch = {
      name,
      width,
      running: 0,
      begunInTurn: 0,
      waiting: 0,
      line: new Map(),
      tickets: new Set(),
      beginnings: new Set(),
    };
    this.#branches.set(name, made);
    return made;
  }

  #forget(path: readonly Branch[]): void {
    for (const { name, running, waiting, begunInTurn } of path)
      if (running + waiting + begunInTurn === 0) this.#branches.delete(name);
  }

  #mayBegin(branch: Branch): boolean {
    const { most, perTurn, whileBusy } = this.limits;
    if (branch.running >= most[branch.width]) return false;
    const isHeldBack =
      branch.begunInTurn >= (this.#isBusy ? whileBusy : perTurn)[branch.width] ||
      (this.#isBusy && branch.running >= whileBusy[branch.width]);
    if (isHeldBack) this.#isHeldBack = true;
    return !isHeldBack;
  }

  #count(path: readonly Branch[]): void {
    this.#running += 1;
    for (const branch of path) {
      branch.running += 1;
      branch.begunInTurn += 1;
      this.#begunInTurn.add(branch);
    }
  }

  #wait(ticket: Ticket, path: readonly Branch[]): void {
    path.at(-1)?.[queueOf(ticket)].add(ticket);
    this.#waiting += 1;
    let line = this.#line;
    for (const branch of path) {
      branch.waiting += 1;
      if (!line.has(branch.name)) line.set(branch.name, branch);
      line = branch.line;
    }
  }

  #unwait(path: readonly Branch[]): void {
    this.#waiting -= 1;
    let line = this.#line;
    for (const branch of path) {
      branch.waiting -= 1;
      if (branch.waiting === 0) line.delete(branch.name);
      line = branch.line;
    }
  }

  /** Finds the next work in `line`. Its network moves to the end of the line. */
  #findNext(line: Map<string, Branch>): Ticket | undefined {
    for (const [name, branch] of line) {
      if (!this.#mayBegin(branch)) continue;
      const [next] = branch.tickets;
      const [beginning] = branch.beginnings;
      const found = next ?? beginning ?? this.#findNext(branch.line);
      if (found === undefined) continue;
      line.delete(name);
      line.set(name, branch);
      return found;
    }
    return undefined;
  }

  #serve(): void {
    // Work that finishes at once, inside `begin`, would call this method again.
    if (this.#isServing) return;
    this.#isServing = true;
    this.#isHeldBack = false;
    while (this.#waiting > 0 && this.#running < this.limits.all) {
      const ticket = this.#findNext(this.#line);
      if (ticket === undefined) break;
      const path = this.#paths.get(ticket) ?? [];
      path.at(-1)?.[queueOf(ticket)].delete(ticket);
      this.#unwait(path);
      this.#count(path);
      ticket.begin();
    }
    this.#isServing = false;
  }
}
