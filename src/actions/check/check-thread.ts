/**
 * Runs the linter in a thread of its own, with limits of time and memory. Attack: somebody sends 95 kB of code again
 * and again; linting each piece in the server's own thread would block it for seconds, so that nobody can sign in. The
 * thread checks one piece of code at a time. Callers take turns, each with a few queued checks. A check that takes too
 * long terminates the thread and results in a defect, never in "no defects". Never executes the code.
 */
import { Worker } from 'node:worker_threads';
import { Fault } from '../../kernel/errors.js';
import type { ActionCheck } from '../../ports/action-check.js';
import { getBundle } from '../runner/bundles.js';
import { Turns } from '../runner/turns.js';
import type { LintQuestion } from './judge.js';

export interface CheckLimits {
  /** Time limit for checking one piece of code, in milliseconds. */
  readonly timeMs: number;
  readonly heapMegabytes: number;
  /** Maximum number of queued checks: of one caller, and of all callers together. */
  readonly waitingPerCaller: number;
  readonly waiting: number;
}

export const CHECK_LIMITS: CheckLimits = { timeMs: 5_000, heapMegabytes: 128, waitingPerCaller: 4, waiting: 32 };
/** Time limit for starting the thread, in milliseconds. */
const START_MS = 15_000;

export interface CheckThread {
  /**
   * Checks one piece of code. Throws a retryable {@link Fault} when too many checks are queued, or the thread cannot
   * start.
   */
  judge(question: LintQuestion, caller: string): Promise<ActionCheck>;
  /** Terminates the thread; queued checks fail. */
  close(): Promise<void>;
}

interface Asked {
  readonly question: LintQuestion;
  readonly shares: readonly { readonly name: string }[];
  readonly resolve: (check: ActionCheck) => void;
  readonly reject: (error: Fault) => void;
}

function unchecked(why: string): ActionCheck {
  const message = `The code could not be checked ${why}: make it shorter or simpler`;
  return { errors: [{ kind: 'code', message, line: undefined, column: undefined }], warnings: [] };
}

class Thread implements CheckThread {
  readonly #waiting: Asked[] = [];
  readonly #turns = new Turns();
  #worker: Worker | undefined;
  #asked: Asked | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(readonly limits: CheckLimits) {
    // Loads the bundle now, so that a missing build fails the start and not the first check.
    getBundle('lint');
  }

  judge(question: LintQuestion, caller: string): Promise<ActionCheck> {
    const { waiting, waitingPerCaller } = this.limits;
    const isFull = this.#waiting.length >= waiting || this.#turns.countWaiting(caller) >= waitingPerCaller;
    if (this.#isClosed || isFull)
      return Promise.reject(new Fault('timeout', 'too many checks of code wait already: try again in a moment', true));
    return new Promise((resolve, reject) => {
      const asked = { question, shares: [{ name: caller }], resolve, reject };
      this.#waiting.push(asked);
      this.#turns.join(asked.shares);
      this.#askNext();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const error = new Fault('timeout', 'the server ends', true);
    for (const asked of this.#waiting.splice(0)) asked.reject(error);
    this.#asked?.reject(error);
    await this.#end();
  }

  #askNext(): void {
    const [next] = this.#turns.inOrder(this.#waiting);
    if (next === undefined || this.#asked !== undefined || this.#isClosed) return;
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    this.#turns.serve(next.shares);
    this.#turns.leave(next.shares);
    this.#asked = next;
    if (this.#worker === undefined) this.#start();
    else this.#ask(this.#worker);
  }

  /** Starts the thread. It gets no environment variables, and it does not keep the server from exiting. */
  #start(): void {
    const worker = new Worker(getBundle('lint'), {
      eval: true,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: this.limits.heapMegabytes, maxYoungGenerationSizeMb: 32 },
    });
    worker.unref();
    this.#worker = worker;
    this.#limit(START_MS, () => this.#fail(new Fault('timeout', 'the linter did not start in time', true)));
    worker.on('message', (message: 'ready' | ActionCheck) => {
      if (worker !== this.#worker) return;
      if (message === 'ready') this.#ask(worker);
      else this.#answer(message);
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (worker !== this.#worker) return;
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.#giveUp(unchecked('within the memory that a check may take'));
      else this.#fail(new Fault('timeout', `the linter failed: ${error.message}`, true));
    });
  }

  #ask(worker: Worker): void {
    const { timeMs } = this.limits;
    this.#limit(timeMs, () => this.#giveUp(unchecked(`within ${timeMs / 1_000} seconds`)));
    worker.postMessage(this.#asked?.question);
  }

  #limit(milliseconds: number, onEnd: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(onEnd, milliseconds);
  }

  #answer(check: ActionCheck): void {
    clearTimeout(this.#timer);
    const asked = this.#asked;
    this.#asked = undefined;
    asked?.resolve(check);
    this.#askNext();
  }

  /** Gives up a check that the thread cannot finish; the next check gets a new thread. */
  #giveUp(check: ActionCheck): void {
    void this.#end();
    this.#answer(check);
  }

  #fail(error: Fault): void {
    void this.#end();
    this.#asked?.reject(error);
    this.#asked = undefined;
    this.#askNext();
  }

  async #end(): Promise<void> {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/**
 * Creates the linter's thread, which starts at the first check and runs until `close`. Throws StartError when its
 * bundle was not built.
 */
export function createCheckThread(limits: CheckLimits = CHECK_LIMITS): CheckThread {
  return new Thread(limits);
}
