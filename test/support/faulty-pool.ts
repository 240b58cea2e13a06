/**
 * A server's connection pool that fails one chosen call: the N-th statement after it was armed. Statements by the pool and
 * statements inside transactions count alike. The pool stays the server's own; nothing of the server is replaced.
 */
import pg from 'pg';
import { LOOKING_FOR_WORK } from './looking-for-work.js';

/** How a call fails. `lost-after`: the server did it, and the answer never came back. */
export const FAULT_MODES = ['lost-before', 'lost-after', 'serialization', 'disk-full', 'timeout'] as const;
export type FaultMode = (typeof FAULT_MODES)[number];

/** SQLSTATEs as PostgreSQL sends them; the statement that they answer was rolled back by the server. */
const STATES = {
  serialization: ['40001', 'could not serialize access due to concurrent update'],
  'disk-full': ['53100', 'could not extend file "base/16384/16402": No space left on device'],
  timeout: ['57014', 'canceling statement due to statement timeout'],
} as const;

function errorOf(mode: FaultMode): Error {
  if (mode === 'lost-before' || mode === 'lost-after') return new Error('Connection terminated unexpectedly');
  const [code, message] = STATES[mode];
  return Object.assign(new pg.DatabaseError(message, message.length, 'error'), { code });
}

export interface FaultyPool {
  /** The `nth` call from now (from 1) fails, and with `until` set all calls up to the `until`-th. */
  arm(nth: number, mode: FaultMode, until?: number): void;
  /** Fails every call of which `matches` says so, until disarmed. */
  armWhere(matches: (text: string) => boolean, mode: FaultMode): void;
  /** Ends the fault. Returns the statements that failed. */
  disarm(): readonly string[];
  /** Runs something of the test's own that uses the same pool, without counting it. */
  aside<T>(work: () => Promise<T>): Promise<T>;
}

type Query = (...args: unknown[]) => Promise<unknown>;

function textOf(first: unknown): string {
  const text = typeof first === 'string' ? first : ((first as { text?: string } | undefined)?.text ?? '');
  return text.trim().replace(/\s+/g, ' ').slice(0, 120);
}

/** Wraps the pool in place. */
export function makeFaulty(pool: pg.Pool): FaultyPool {
  let fails: ((call: number, text: string) => FaultMode | undefined) | undefined;
  let calls = 0;
  let suspended = false;
  let failed: string[] = [];

  const faulty =
    (query: Query): Query =>
    async (...args) => {
      const text = textOf(args[0]);
      if (fails === undefined || suspended || LOOKING_FOR_WORK.test(text)) return query(...args);
      calls += 1;
      const mode = fails(calls, text);
      if (mode === undefined) return query(...args);
      failed.push(text);
      if (mode === 'lost-after') await query(...args);
      throw errorOf(mode);
    };
  const connect = pool.connect.bind(pool) as (...args: unknown[]) => Promise<pg.PoolClient>;
  pool.query = faulty(pool.query.bind(pool) as unknown as Query) as unknown as typeof pool.query;
  pool.connect = (async (...args: unknown[]) => {
    // With a callback it is the driver itself, on behalf of `pool.query`, which is counted already.
    if (args.length > 0) return connect(...args);
    const client = await connect();
    const query = faulty(client.query.bind(client) as unknown as Query);
    return new Proxy(client, {
      get(target, name) {
        if (name === 'query') return query;
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }) as unknown as typeof pool.connect;

  const begin = (next: typeof fails) => {
    calls = 0;
    failed = [];
    fails = next;
  };
  return {
    arm(nth, mode, until = nth) {
      begin((call) => (call >= nth && call <= until ? mode : undefined));
    },
    armWhere(matches, mode) {
      begin((_call, text) => (matches(text) ? mode : undefined));
    },
    disarm() {
      fails = undefined;
      return failed;
    },
    async aside(work) {
      suspended = true;
      return work().finally(() => {
        suspended = false;
      });
    },
  };
}
