/** Writes down what a server asks its database, through its own pool: text and values. Changes nothing of what is asked. */
import type pg from 'pg';
import { LOOKING_FOR_WORK } from './looking-for-work.js';

export interface Recorded {
  /** The name under which the statement is prepared. */
  readonly name?: string | undefined;
  readonly text: string;
  readonly values: readonly unknown[];
}

type Query = (...args: unknown[]) => Promise<unknown>;

export interface StatementRecorder {
  /** Records while `work` runs. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Runs something of the test's own that uses the same pool, unrecorded. */
  aside<T>(work: () => Promise<T>): Promise<T>;
  /** Each text with each combination of values that are there and not there, once; without BEGIN, COMMIT and the like. */
  list(): readonly Recorded[];
  /** The same, and forgets them. */
  take(): readonly Recorded[];
}

const TRANSACTION = /^\s*(begin|commit|rollback|set |savepoint)/i;

function toRecorded([first, second]: readonly unknown[]): Recorded {
  if (typeof first === 'string') return { text: first, values: (second as readonly unknown[] | undefined) ?? [] };
  const config = first as { name?: string; text: string; values?: readonly unknown[] };
  return { name: config.name, text: config.text, values: config.values ?? [] };
}

/** Wraps the pool in place. */
export function recordStatements(pool: pg.Pool): StatementRecorder {
  const found = new Map<string, Recorded>();
  let depth = 0;
  const recording =
    (query: Query): Query =>
    (...args) => {
      if (depth > 0) {
        const recorded = toRecorded(args);
        const key = JSON.stringify([recorded.text, recorded.values.map((value) => value === null)]);
        if (!TRANSACTION.test(recorded.text) && !LOOKING_FOR_WORK.test(recorded.text)) found.set(key, recorded);
      }
      return query(...args);
    };
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => Promise<pg.PoolClient>;
  pool.query = recording(pool.query.bind(pool) as unknown as Query) as unknown as typeof pool.query;
  pool.connect = (async (...args: unknown[]) => {
    // With a callback it is the driver itself, on behalf of `pool.query`.
    if (args.length > 0) return connect(...args);
    const client = await connect();
    const query = recording(client.query.bind(client) as unknown as Query);
    return new Proxy(client, {
      get(target, name) {
        if (name === 'query') return query;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }) as unknown as typeof pool.connect;
  const shifted = async <T>(by: number, work: () => Promise<T>): Promise<T> => {
    depth += by;
    return work().finally(() => {
      depth -= by;
    });
  };
  return {
    during: (work) => shifted(1, work),
    aside: (work) => shifted(-1, work),
    list: () => [...found.values()],
    take() {
      const taken = [...found.values()];
      found.clear();
      return taken;
    },
  };
}
