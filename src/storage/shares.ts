/**
 * Limits how many connections of a pool are held by work that waits for locks. A locked row of one organization blocks
 * that organization's logins and must not block others. One organization gets a quarter of the connections, one person
 * half of that, all such work together three quarters. So reads, pages and the logins of others always find a
 * connection. Opens no connection.
 */
import type pg from 'pg';
import { Fault } from '../kernel/errors.js';
import { type Deadline, startDeadline } from './database/deadline.js';
import { countServed } from './database/pool.js';

/** The writes of a pool that wait for a place, in all its queues. */
interface Count {
  waiting: number;
}

/** Queue that lets `places` callers run at a time, first come, first served. */
class Line {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];
  constructor(
    private readonly places: number,
    private readonly count: Count,
  ) {}

  get length(): number {
    return this.waiting.length;
  }

  get isEmpty(): boolean {
    return this.inside === 0 && this.waiting.length === 0;
  }

  private enter(waitMs: number): Promise<void> {
    if (this.inside < this.places) {
      this.inside += 1;
      return Promise.resolve();
    }
    this.count.waiting += 1;
    return new Promise<void>((resolve, reject) => {
      const next = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(next), 1);
        reject(new Fault('timeout', 'too many wait for the same part of the database', true));
      }, waitMs);
      this.waiting.push(next);
    }).finally(() => {
      this.count.waiting -= 1;
    });
  }

  async run<T>(waitMs: number, work: () => Promise<T>): Promise<T> {
    await this.enter(waitMs);
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.inside -= 1;
      else next();
    }
  }
}

interface Shares {
  readonly perOrganization: number;
  readonly perPerson: number;
  readonly waitMs: number;
  readonly count: Count;
  readonly all: Line;
  readonly organizations: Map<string, Line>;
  readonly people: Map<string, Line>;
}

/** The organization and the person whose shares a write uses. */
export interface ShareHolder {
  readonly organizationId?: string | undefined;
  readonly userId?: string | undefined;
}

const known = new WeakMap<pg.Pool, Shares>();

function sharesOf(pool: pg.Pool): Shares {
  const found = known.get(pool);
  if (found !== undefined) return found;
  const { max = 10, connectionTimeoutMillis = 5_000 } = pool.options;
  const perOrganization = Math.max(1, Math.floor(max / 4));
  const count = { waiting: 0 };
  const shares: Shares = {
    perOrganization,
    perPerson: Math.max(1, Math.floor(perOrganization / 2)),
    waitMs: connectionTimeoutMillis,
    count,
    all: new Line(Math.max(1, Math.floor((max * 3) / 4)), count),
    organizations: new Map(),
    people: new Map(),
  };
  known.set(pool, shares);
  return shares;
}

/** Runs `work` in the queue of this name, which exists while it is used. Without a name runs it at once. */
async function inLine<T>(
  lines: Map<string, Line>,
  name: string | undefined,
  { places, count, leftMs }: { readonly places: number; readonly count: Count; readonly leftMs: () => number },
  work: () => Promise<T>,
): Promise<T> {
  if (name === undefined) return work();
  const line = lines.get(name) ?? new Line(places, count);
  lines.set(name, line);
  try {
    return await line.run(leftMs(), work);
  } finally {
    if (line.isEmpty && lines.get(name) === line) lines.delete(name);
  }
}

/** Returns how many writes of this pool wait for a place. Counts none that wait for a connection. */
export function countWaiting(pool: pg.Pool): number {
  return known.get(pool)?.count.waiting ?? 0;
}

/**
 * Returns the functions that tell how busy a pool is: how many statements wait for a connection or for a place of all
 * writes, and how many got a connection since the start. Writes that wait for a locked row of one person or organization
 * are not counted.
 */
export function createLoadReaders(pool: pg.Pool) {
  return {
    readDatabaseWaiting: () => pool.waitingCount + (known.get(pool)?.all.length ?? 0),
    readDatabaseServed: () => countServed(pool),
  };
}

/**
 * Runs a write of a login or of the token endpoint within three shares: that of its person, then that of its
 * organization, then that of all writes. The person's share comes first, so that one person's flood does not fill their
 * colleagues' queue. Waits in all three queues together as long as for a connection, then throws a retryable
 * {@link Fault}. The waits count for `deadline`.
 */
export function withinShare<T>(
  pool: pg.Pool,
  { organizationId, userId }: ShareHolder,
  work: () => Promise<T>,
  deadline: Deadline = startDeadline(pool),
): Promise<T> {
  const { all, count, organizations, people, perOrganization, perPerson, waitMs } = sharesOf(pool);
  const lastMs = deadline.leftMs() - waitMs;
  const leftMs = () => Math.max(0, deadline.leftMs() - lastMs);
  return inLine(people, userId, { places: perPerson, count, leftMs }, () =>
    inLine(organizations, organizationId, { places: perOrganization, count, leftMs }, () => all.run(leftMs(), work)),
  );
}
