/**
 * Tells whether this process stood still a moment ago: it was stopped, its machine was paused, or one turn of its event
 * loop took seconds. The requests that it reads then may have waited so long that their senders gave up and sent them to
 * another node, and a proxy in between need not close the connection. Decides nothing about them.
 */
import { type Clock, systemClock } from '../../kernel/clock.js';

/** Milliseconds without a turn from which senders may have given up: the shortest time limit of common libraries. */
const STANDSTILL_MS = 5_000;
/** Milliseconds after it in which the requests of that time are read. */
const AFTERWARDS_MS = 1_000;
const TICK_MS = 500;

export interface Standstill {
  /** True while the process stands still (for the request that it reads first) and for a second afterwards. */
  isJustOver(): boolean;
  end(): void;
}

/** Begins to watch. Keeps no process alive. */
export function watchStandstill(clock: Pick<Clock, 'monotonicMs'> = systemClock): Standstill {
  let tickedAtMs = clock.monotonicMs();
  let overAtMs = Number.NEGATIVE_INFINITY;
  const tick = () => {
    const nowMs = clock.monotonicMs();
    if (nowMs - tickedAtMs >= STANDSTILL_MS) overAtMs = nowMs;
    tickedAtMs = nowMs;
    return nowMs;
  };
  const timer = setInterval(tick, TICK_MS).unref();
  return {
    // A request is read before the timer that is due.
    isJustOver: () => tick() - overAtMs < AFTERWARDS_MS,
    end: () => clearInterval(timer),
  };
}
