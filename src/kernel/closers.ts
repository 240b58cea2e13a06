/**
 * Stops the parts of a program in the opposite order of their start, each within its share of the remaining time. A
 * part that fails or hangs is named in the log, and the others still stop.
 */
import { systemClock } from './clock.js';

interface ClosersLog {
  warn(fields: object, message: string): void;
}

interface Step {
  readonly end: () => unknown;
  /** Share of the remaining time that this part gets, from 0 to 1. */
  readonly share: number;
}

/** Minimum number of milliseconds for each part, however little time is left: quick parts can still stop. */
const LEAST_MS = 250;

async function within(limitMs: number, step: () => unknown): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not end within ${Math.round(limitMs)} ms`)), limitMs);
  });
  try {
    await Promise.race([step(), limit]);
  } finally {
    clearTimeout(timer);
  }
}

export class Closers {
  private readonly steps: Step[] = [];
  private readonly early: (() => Promise<unknown>)[] = [];

  constructor(private readonly log: ClosersLog) {}

  /**
   * Adds a part to stop. `end` is called when all parts that were added later have stopped. `share`: the part's share
   * of the time that is left then, from 0 to 1.
   */
  add(end: () => unknown, share: number = 0.5): void {
    this.steps.unshift({ end, share });
  }

  /**
   * Adds a call that is made first, without waiting for its end. It tells a worker to start no new work while other
   * parts still finish.
   */
  addEarly(begin: () => Promise<unknown>): void {
    this.early.push(begin);
  }

  /** Stops all parts within about `limitMs`. Never throws; a second call does nothing. */
  async run(limitMs: number): Promise<void> {
    const endsAtMs = systemClock.monotonicMs() + limitMs;
    for (const begin of this.early.splice(0)) begin().catch((error: unknown) => this.tell(error));
    for (const { end, share } of this.steps.splice(0)) {
      const leftMs = endsAtMs - systemClock.monotonicMs();
      await within(Math.max(LEAST_MS, leftMs * share), end).catch((error: unknown) => this.tell(error));
    }
  }

  private tell(error: unknown): void {
    this.log.warn({ err: error }, 'stopping: a part did not end cleanly');
  }
}
