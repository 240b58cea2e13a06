/**
 * Schedules on purpose: a write of one actor is done and then held before its commit, so that a second actor meets its locks.
 * Works on a server's own pool and on whatever it sends, in transactions and single statements alike.
 */
import type pg from 'pg';

export interface HeldWrite {
  /** The write was done and waits, uncommitted. */
  readonly reached: Promise<void>;
  release(): void;
}

type Query = (...args: unknown[]) => Promise<unknown>;

const textOf = (first: unknown): string =>
  (typeof first === 'string' ? first : ((first as { text?: string } | undefined)?.text ?? '')).trim();

const isBegin = (text: string) => /^(begin|start transaction)/i.test(text);
const isCommit = (text: string) => /^commit/i.test(text);

class Gate implements HeldWrite {
  readonly reached: Promise<void>;
  private readonly opened: Promise<void>;
  private reach: () => void = () => {};
  release: () => void = () => {};
  used = false;
  constructor() {
    this.reached = new Promise((resolve) => {
      this.reach = resolve;
    });
    this.opened = new Promise((resolve) => {
      this.release = resolve;
    });
  }
  wait(): Promise<void> {
    this.used = true;
    this.reach();
    return this.opened;
  }
}

/** A connection whose matching write waits: inside a transaction at its COMMIT, alone in a transaction made for it. */
function gated(query: Query, matches: RegExp, gate: Gate): Query {
  let inside = false;
  let matched = false;
  return async (...args) => {
    const text = textOf(args[0]);
    if (isBegin(text)) inside = true;
    else if (isCommit(text) && matched && !gate.used) await gate.wait();
    else if (!gate.used && matches.test(text)) {
      if (inside) matched = true;
      else return alone(query, args, gate);
    }
    return query(...args);
  };
}

async function alone(query: Query, args: unknown[], gate: Gate): Promise<unknown> {
  await query('begin');
  try {
    const result = await query(...args);
    await gate.wait();
    await query('commit');
    return result;
  } catch (error) {
    await query('rollback');
    throw error;
  }
}

/** Holds the first write of the pool whose text matches. `restore` puts the pool back. */
export function holdWrite(pool: pg.Pool, matches: RegExp): HeldWrite & { restore(): void } {
  const gate = new Gate();
  const { query, connect } = pool;
  const connectAs = connect.bind(pool) as unknown as (...args: unknown[]) => Promise<pg.PoolClient>;
  pool.query = (async (...args: unknown[]) => {
    if (gate.used || !matches.test(textOf(args[0]))) return (query as unknown as Query).apply(pool, args);
    const client = await connectAs();
    try {
      return await alone(client.query.bind(client) as unknown as Query, args, gate);
    } finally {
      client.release();
    }
  }) as unknown as typeof pool.query;
  pool.connect = (async (...args: unknown[]) => {
    // With a callback it is the driver itself, on behalf of `pool.query`.
    if (args.length > 0) return connectAs(...args);
    const client = await connectAs();
    const held = gated(client.query.bind(client) as unknown as Query, matches, gate);
    return new Proxy(client, {
      get(target, name) {
        if (name === 'query') return held;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }) as unknown as typeof pool.connect;
  return {
    reached: gate.reached,
    release: () => gate.release(),
    restore() {
      gate.release();
      pool.query = query;
      pool.connect = connect;
    },
  };
}

/** How many connections of this database wait for a lock at the moment. */
export async function countBlocked(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    `select count(*)::text as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return Number(rows[0]?.count);
}

export interface Actor<Result> {
  /** The pool of the node it works on, and which of its writes is held when it goes first. */
  readonly pool: pg.Pool;
  readonly matches: RegExp;
  run(): Promise<Result>;
}

export interface Played<First, Second> {
  readonly first: First;
  readonly second: Second;
  /** Whether the second really had to wait for the first. */
  readonly waited: boolean;
}

const LONGEST_WAIT_MS = 3_000;

/**
 * `first` does its write and holds it; `second` runs until it ends or waits for a lock; then `first` commits. `third` starts
 * after `second` waits or ended, and is awaited with the others.
 */
export async function playInOrder<First, Second>(
  observer: pg.Pool,
  first: Actor<First>,
  second: Pick<Actor<Second>, 'run'>,
  ...others: readonly (() => Promise<unknown>)[]
): Promise<Played<First, Second> & { readonly others: readonly unknown[] }> {
  const held = holdWrite(first.pool, first.matches);
  try {
    const one = first.run();
    const early = await Promise.race([held.reached.then(() => 'held' as const), one.then(() => 'ended' as const)]);
    if (early === 'ended') throw new Error(`the first actor ended without a write that matches ${first.matches}`);
    let waited = false;
    const started: Promise<unknown>[] = [];
    for (const run of [second.run, ...others]) {
      let ended = false;
      const before = await countBlocked(observer);
      const running = run().finally(() => {
        ended = true;
      });
      running.catch(() => undefined);
      started.push(running);
      for (let ms = 0; ms < LONGEST_WAIT_MS && !ended; ms += 10) {
        if ((await countBlocked(observer)) > before) {
          waited ||= started.length === 1;
          break;
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    held.release();
    const [firstResult, secondResult, ...rest] = await Promise.all([one, ...started]);
    return { first: firstResult as First, second: secondResult as Second, others: rest, waited };
  } finally {
    held.restore();
  }
}
