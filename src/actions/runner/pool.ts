/**
 * The pool of processes. It starts them on demand and leases each to one execution at a time; a process runs only one
 * program (the Actions of one trigger). An execution counts for its shares: named limits of how many processes an
 * organization, a person or a network may use. Executions that find no process wait in a queue for each set of shares,
 * and queues take turns (turns.ts). So a flood or a hanging Action of one of them leaves processes for the others.
 * Knows only the names of shares.
 */
import { availableParallelism } from 'node:os';
import type { ActionProgram, TriggerId } from '../../domain/actions/action.js';
import type { Clock } from '../../kernel/clock.js';
import type { ActionProcess, ProcessEvents } from './action-process.js';
import type { RunnerLog } from './options.js';
import { Turns } from './turns.js';
import { POLL_MS } from './usage.js';

export interface PoolOptions {
  readonly maxProcesses: number;
  readonly idleMs: number;
  /** Longest time that an execution waits for a process, in milliseconds. */
  readonly waitMs: number;
  /** True to keep one idle process ready for the next execution. */
  readonly keepsSpares: boolean;
  readonly clock: Clock;
  readonly log: RunnerLog;
  /** Starts a process for `program`. The process reports to `events` when it is ready. */
  start(program: ActionProgram, events: ProcessEvents): ActionProcess;
}

export interface Lease {
  readonly process: ActionProcess;
  release(): void;
}

/** A named limit: how many processes its executions may use at once, and how many of its executions may wait. */
export interface Share {
  readonly name: string;
  readonly most: number;
  /** Maximum number of executions that wait; unlimited if absent. */
  readonly mostWaiting?: number;
}

/**
 * The shares that an execution counts for, by level. The shares of the first level take turns; within one of them,
 * those of the second level; and so on.
 */
export interface Claim {
  readonly shares: readonly Share[];
  /**
   * Called when the execution's turn has come. Returns false if nobody waits for the answer any more; then the
   * execution never begins.
   */
  readonly isWanted?: (() => boolean) | undefined;
}

/**
 * `busy`: no process was free in time. `crowded`: too many executions already wait. `died`: the process started for
 * this execution ended before its first use, or nobody waits for the answer any more.
 */
export type NoLease = 'busy' | 'crowded' | 'died';

/** Divisor of the usual idle time, for a process whose program was replaced by a newer one. */
const REPLACED_PART = 12;

interface Ticket {
  readonly program: ActionProgram;
  readonly shares: readonly Share[];
  readonly line: string;
  readonly isWanted: () => boolean;
  readonly resolve: (given: Lease | NoLease) => void;
}

export class Pool implements ProcessEvents {
  readonly #processes = new Set<ActionProcess>();
  /** The leased processes, each with the shares that it counts for. */
  readonly #leased = new Map<ActionProcess, readonly Share[]>();
  /** Queues of executions that wait for the same shares. */
  readonly #waiting = new Map<string, Ticket[]>();
  readonly #turns = new Turns();
  /** For each trigger, the program that ran or was prepared last. */
  readonly #current = new Map<TriggerId, ActionProgram>();
  #poll: NodeJS.Timeout | undefined;
  readonly #reaper: NodeJS.Timeout;
  #isClosed = false;

  constructor(readonly options: PoolOptions) {
    this.#reaper = setInterval(() => this.#reap(), Math.max(50, options.idleMs / REPLACED_PART / 2));
    this.#reaper.unref();
  }

  /** Number of processes, for tests and metrics. */
  get size(): number {
    return this.#processes.size;
  }

  /**
   * Leases a process that runs `program`, or returns why there is none. The process counts for all of the shares. It is
   * leased only if none of them is used up.
   */
  acquire(program: ActionProgram, { shares, isWanted = () => true }: Claim): Promise<Lease | NoLease> {
    if (this.#isClosed || !isWanted()) return Promise.resolve('died');
    if (shares.some((share) => this.#isLineFull(share))) return Promise.resolve('crowded');
    this.#adopt(program);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#give(ticket, 'busy'), this.options.waitMs);
      const line = JSON.stringify(shares.map(({ name }) => name));
      const settle = (given: Lease | NoLease): void => {
        clearTimeout(timer);
        resolve(given);
      };
      const ticket: Ticket = { program, shares, line, isWanted, resolve: settle };
      const queue = this.#waiting.get(line) ?? [];
      queue.push(ticket);
      this.#waiting.set(line, queue);
      this.#turns.join(shares);
      this.#dispatch();
    });
  }

  /** Makes a process ready before an execution needs it. */
  prepare(program: ActionProgram): void {
    if (this.#isClosed) return;
    this.#adopt(program);
    this.#keepSpare(program);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#reaper);
    clearInterval(this.#poll);
    for (const queue of this.#waiting.values()) for (const ticket of queue.slice()) this.#give(ticket, 'died');
    for (const process of this.#processes) process.kill('died', 'the server ends');
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.#processes.size === 0) resolve();
        else setTimeout(check, 5);
      };
      check();
    });
  }

  onIdle(process: ActionProcess): void {
    process.idleSince = this.options.clock.monotonicMs();
    this.#dispatch();
  }

  onExit(process: ActionProcess): void {
    this.#processes.delete(process);
    this.#leased.delete(process);
    if (this.#isClosed) return;
    if (!process.isProven && !process.wasKilled) this.#giveUp(process);
    this.#dispatch();
    const current = this.#current.get(process.program.trigger);
    if (current?.key === process.program.key && process.idleSince > 0) this.#keepSpare(current);
  }

  /**
   * Fails one waiting execution because its process did not start. Otherwise a broken machine would start processes
   * forever and answer nobody.
   */
  #giveUp(process: ActionProcess): void {
    const { trigger, key } = process.program;
    this.options.log.warn({ trigger, stderr: process.lastWords }, 'a process for Actions did not start');
    const ticket = [...this.#waiting.values()].flat().find((one) => one.program.key === key);
    if (ticket !== undefined) this.#give(ticket, 'died');
  }

  onLeftover(process: ActionProcess, leftover: string): void {
    this.options.log.debug({ trigger: process.program.trigger, leftover }, 'a process for Actions is not reused');
  }

  #isOld(process: ActionProcess): boolean {
    const current = this.#current.get(process.program.trigger);
    return current !== undefined && current.key !== process.program.key;
  }

  #adopt(program: ActionProgram): void {
    if (this.#current.get(program.trigger)?.key === program.key) return;
    this.#current.set(program.trigger, program);
    // A process that still starts a replaced program is useless, and takes processor time from the others.
    const wanted = new Set([...this.#waiting.values()].flat().map((ticket) => ticket.program.key));
    for (const process of this.#processes) {
      if (process.state === 'starting' && this.#isOld(process) && !wanted.has(process.program.key))
        process.kill('died', 'its program was replaced');
    }
  }

  /** Processes that are still starting, without those of replaced programs. */
  #starting(): readonly ActionProcess[] {
    return [...this.#processes].filter((one) => one.state === 'starting' && !this.#isOld(one));
  }

  #give(ticket: Ticket, lease: Lease | NoLease): void {
    const queue = this.#waiting.get(ticket.line);
    const at = queue?.indexOf(ticket) ?? -1;
    if (at < 0) return;
    queue?.splice(at, 1);
    if (queue?.length === 0) this.#waiting.delete(ticket.line);
    this.#turns.leave(ticket.shares);
    ticket.resolve(lease);
  }

  /**
   * True if no further execution of a share may wait. Attack: one person sends hundreds of requests, and each stays in
   * the server until its time limit.
   */
  #isLineFull({ name, mostWaiting = Number.POSITIVE_INFINITY }: Share): boolean {
    return this.#turns.countWaiting(name) >= mostWaiting;
  }

  /** Counts the processes that executions of this share use. */
  #held(name: string): number {
    let count = 0;
    for (const shares of this.#leased.values()) if (shares.some((share) => share.name === name)) count += 1;
    return count;
  }

  #isUsedUp({ shares }: Ticket): boolean {
    return shares.some(({ name, most }) => this.#held(name) >= most);
  }

  /** Gives processes, turn by turn, to all waiting executions that can have one. */
  #dispatch(): void {
    for (let isServed = true; isServed && !this.#isClosed; ) isServed = this.#serveNext();
  }

  /** Serves the execution whose turn it is; false when none can be served. */
  #serveNext(): boolean {
    const first = [...this.#waiting.values()].flatMap((queue) => queue.slice(0, 1));
    const started = new Set<string>();
    for (const ticket of this.#turns.inOrder(first)) {
      if (!ticket.isWanted()) {
        this.#give(ticket, 'died');
        return true;
      }
      if (this.#isUsedUp(ticket)) continue;
      const process = this.#findIdle(ticket.program);
      if (process !== undefined) {
        this.#turns.serve(ticket.shares);
        this.#lend(process, ticket);
        return true;
      }
      // Starts processes once for each program in this loop: checking the whole queue for each waiting execution would
      // block a busy server.
      if (!started.has(ticket.program.key)) this.#startFor(ticket.program);
      started.add(ticket.program.key);
    }
    return false;
  }

  #findIdle(program: ActionProgram): ActionProcess | undefined {
    for (const process of this.#processes) {
      if (process.state === 'idle' && !this.#leased.has(process) && process.program.key === program.key) return process;
    }
    return undefined;
  }

  #lend(process: ActionProcess, ticket: Ticket): void {
    this.#leased.set(process, ticket.shares);
    this.#watch();
    this.#give(ticket, {
      process,
      release: () => {
        this.#leased.delete(process);
        this.#dispatch();
      },
    });
    this.#keepSpare(ticket.program);
  }

  /**
   * Starts a process for a waiting execution. If the pool is full, kills an idle process instead; its exit makes room
   * for the start.
   */
  #startFor(program: ActionProgram): void {
    const wanted = [...this.#waiting.values()].flat().filter((ticket) => ticket.program.key === program.key).length;
    const isComing = (one: ActionProcess): boolean => one.state === 'starting' && one.program.key === program.key;
    if ([...this.#processes].filter(isComing).length >= wanted) return;
    // Starts no more processes at once than the machine has processors: usually another process becomes free sooner.
    if (this.#starting().length >= availableParallelism()) return;
    if (this.#processes.size >= this.options.maxProcesses) {
      const idle = [...this.#processes].filter((one) => one.state === 'idle' && !this.#leased.has(one));
      idle.sort((a, b) => a.idleSince - b.idleSince)[0]?.kill('died', 'another program needs its place');
      return;
    }
    this.#start(program);
  }

  #keepSpare(program: ActionProgram): void {
    const isFull =
      this.#processes.size >= this.options.maxProcesses || this.#starting().length >= availableParallelism();
    if (this.#isClosed || isFull || !this.options.keepsSpares) return;
    for (const process of this.#processes) {
      const isFree = process.state === 'starting' || (process.state === 'idle' && !this.#leased.has(process));
      if (isFree && process.program.key === program.key) return;
    }
    this.#start(program);
  }

  #start(program: ActionProgram): void {
    this.#processes.add(this.options.start(program, this));
  }

  #reap(): void {
    const now = this.options.clock.monotonicMs();
    for (const process of this.#processes) {
      const isIdle = process.state === 'idle' && !this.#leased.has(process);
      // The limit is shorter if the process's program was replaced, but not zero: logins in progress may still run the
      // replaced program.
      const longest = this.#isOld(process) ? this.options.idleMs / REPLACED_PART : this.options.idleMs;
      if (isIdle && now - process.idleSince > longest) process.kill('died', 'nobody needed it');
    }
  }

  /** Checks the resource usage of busy processes, as long as there are any. */
  #watch(): void {
    this.#poll ??= setInterval(() => {
      const busy = [...this.#processes].filter((one) => one.state === 'running' || one.state === 'settling');
      for (const process of busy) void process.checkUsage();
      if (busy.length > 0 || this.#leased.size > 0) return;
      clearInterval(this.#poll);
      this.#poll = undefined;
    }, POLL_MS);
    this.#poll.unref();
  }
}
