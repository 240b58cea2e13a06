/**
 * Tells whether this node has more logins than it can do, so that no further one begins. Logins under way come first: a
 * person refused at the beginning tries again, a person held up in the middle gives up. Says so only if many
 * networks have requests here, and for seconds on end statements queue for the database or the event loop is late. A
 * machine that is slow for a moment, a database that stands still, one network's flood, and people held up by a dead
 * identity provider are no such load. Never decides about anything but the beginning of a login.
 */
import type { Clock } from '../kernel/clock.js';
import { StandingQueue } from '../kernel/standing-queue.js';

export interface OverloadOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Connections of the pool: with as many statements in its queue, each waits as long as one takes. */
  readonly databaseConnections: number;
  /** Returns how many statements wait for a connection, or for a place of all writes. */
  readDatabaseWaiting(): number;
  /** Returns how many statements got a connection since the start. */
  readDatabaseServed(): number;
  /** Returns how many requests this node has in progress and queued, with at most a few of each block of networks. */
  readCrowd(): number;
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
/** With fewer connections than this, a queue as long as their number is still a short one. */
const LEAST_CONNECTIONS = 16;

/** Creates the decision. It looks only while logins begin, and keeps no process alive. */
export function createOverload(options: OverloadOptions): Overload {
  const { clock, readDatabaseWaiting, readDatabaseServed, readCrowd } = options;
  const connections = Math.max(LEAST_CONNECTIONS, options.databaseConnections);
  const queue = new StandingQueue();
  let timer: NodeJS.Timeout | undefined;
  let awakeUntil = 0;
  let lateMs = 0;
  let lookedAt = 0;
  let served = 0;
  const hasQueue = () => {
    const before = served;
    served = readDatabaseServed();
    // A database that serves nobody is away or paused. A refusal would not shorten that, and a pause of seconds ends well.
    const isBusy = served > before && readDatabaseWaiting() > connections;
    // Attack: one network keeps the queue full, and nobody else may sign in. Its share is limited elsewhere.
    return (isBusy || lateMs > LATE_MS) && readCrowd() > 4 * connections;
  };
  const hasRoom = () =>
    readDatabaseWaiting() <= connections / 4 && (lateMs <= LATE_MS || readCrowd() <= 2 * connections);
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
        lateMs = 0;
        served = readDatabaseServed();
        timer = setInterval(look, LOOK_MS).unref();
      }
      return !queue.isOverloaded || hasRoom();
    },
  };
}
