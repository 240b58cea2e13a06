/**
 * Tells whether this node has more work than it can do, so that no further login begins. Logins under way are finished
 * first: a person who is refused at once comes back, and one who is held up in the middle gives up. Looks at two queues that
 * only work itself fills: statements that wait for a database connection, and the delay of the event loop. So people who
 * wait for a dead identity provider, a slow Action or a locked row never make a node look busy. Never decides about
 * anything but the beginning of a login.
 */
import type { Clock } from '../kernel/clock.js';
import { StandingQueue } from '../kernel/standing-queue.js';

export interface OverloadOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Connections of the pool: with as many statements in its queue, each waits as long as one takes. */
  readonly databaseConnections: number;
  /** Returns how many statements wait for a connection, or for a place of all writes. */
  readDatabaseWaiting(): number;
  /** Returns how many requests this node has in progress and queued. */
  readRequests(): number;
}

export interface Overload {
  /** True when a login may begin now. */
  mayBegin(): boolean;
}

/** Milliseconds between two looks. */
const LOOK_MS = 100;
/** Lateness of a look, in milliseconds, from which each turn of the event loop delays every request. */
const LATE_MS = 40;
/** Milliseconds after the last login began, in which looks go on. */
const AWAKE_MS = 30_000;

/** Creates the decision. It looks only while logins begin, and keeps no process alive. */
export function createOverload(options: OverloadOptions): Overload {
  const { clock, databaseConnections, readDatabaseWaiting, readRequests } = options;
  const queue = new StandingQueue();
  let timer: NodeJS.Timeout | undefined;
  let awakeUntil = 0;
  let lateMs = 0;
  let lookedAt = 0;
  // A busy machine delays a node that has little to do as well: then nothing is won by a refusal.
  const isLate = (requests: number) => lateMs > LATE_MS && readRequests() > requests;
  const hasQueue = () => readDatabaseWaiting() > databaseConnections || isLate(4 * databaseConnections);
  const hasRoom = () => readDatabaseWaiting() <= databaseConnections / 4 && !isLate(2 * databaseConnections);
  const look = () => {
    const now = clock.monotonicMs();
    lateMs = Math.max(0, now - lookedAt - LOOK_MS);
    lookedAt = now;
    queue.look(now, hasQueue());
    if (now > awakeUntil) {
      clearInterval(timer);
      timer = undefined;
    }
  };
  return {
    mayBegin() {
      const now = clock.monotonicMs();
      awakeUntil = now + AWAKE_MS;
      if (timer === undefined) {
        lookedAt = now;
        timer = setInterval(look, LOOK_MS).unref();
      }
      return !queue.isOverloaded || hasRoom();
    },
  };
}
