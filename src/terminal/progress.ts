/**
 * Shows progress of long work: done, total, rate, time left. A terminal gets one line that changes; other outputs get a
 * plain line every few seconds.
 */
import type { Clock } from '../kernel/clock.js';
import type { Terminal } from './terminal.js';

const TERMINAL_MS = 100;
const PLAIN_MS = 5_000;

function toTime(seconds: number): string {
  if (seconds < 1) return 'less than 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** Formats `12 of 500 people, 40 a second, 12 s left`; without a total `12 people`. */
export function formatProgress(what: string, done: number, total: number | undefined, seconds: number): string {
  const count = total === undefined ? `${done} ${what}` : `${done} of ${total} ${what}`;
  if (done === 0 || seconds <= 0) return count;
  const rate = done / seconds;
  const shown = rate >= 10 ? Math.round(rate).toString() : rate.toFixed(1);
  const left = total === undefined || done >= total ? '' : `, ${toTime((total - done) / rate)} left`;
  return `${count}, ${shown} a second${left}`;
}

export interface Progress {
  update(done: number, total?: number): void;
  /** Ends the progress line on the terminal. */
  end(): void;
}

/** Shows progress on stderr. `what` names the counted things, such as `people`. */
export function createProgress(terminal: Terminal, what: string, clock: Clock): Progress {
  const start = clock.monotonicMs();
  let last = start;
  const isLive = terminal.showLine !== undefined;
  return {
    update(done, total) {
      const now = clock.monotonicMs();
      if (now - last < (isLive ? TERMINAL_MS : PLAIN_MS)) return;
      last = now;
      const text = formatProgress(what, done, total, (now - start) / 1000);
      if (terminal.showLine !== undefined) terminal.showLine(text);
      else terminal.note(text);
    },
    end: () => terminal.showLine?.(''),
  };
}
