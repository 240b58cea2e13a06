/**
 * Folds the log lines of an outage of the database: each request and each worker would write the same line again, a
 * megabyte in a minute. The first lines of a kind are written, the others counted. Never leaves out a line about anything
 * else, nor one below `warn`.
 */
import type { Logger, LoggerOptions } from 'pino';
import { Fault } from '../kernel/errors.js';

type Hook = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

const WARN = 40;
/** Lines of a kind that are written before the others are counted. */
const WRITTEN = 3;
/** Milliseconds between two lines that say how many were left out. */
const SAY_EVERY_MS = 60_000;
/** Maximum number of kinds. Further ones share a count. Attack: texts of strangers in a reason use up the memory. */
const MOST_KINDS = 200;

/** Reasons that lines about the database give as text: sentences of a Fault, and messages of the driver. */
const REASON =
  /^(the (database|connection to the database)|it is not known whether|too many wait for|connect |read ECONN|terminating connection|Connection terminated|Client has|timeout exceeded|Query read timeout)/;

/** False for faults of others, such as a full queue for passwords: their lines name what each of them is about. */
const isOfDatabase = ({ kind, message }: Fault): boolean =>
  kind === 'database' || kind === 'database_full' || REASON.test(message);

interface Kind {
  written: number;
  leftOut: number;
}

/** Returns the reason of a line that an absent database causes, or undefined for all others. */
function reasonOf(fields: unknown): string | undefined {
  if (typeof fields !== 'object' || fields === null || 'leftOut' in fields) return undefined;
  const { err, reason } = fields as { err?: unknown; reason?: unknown };
  if (err instanceof Fault && err.retryable) return isOfDatabase(err) ? err.message : undefined;
  return typeof reason === 'string' && REASON.test(reason) ? reason : undefined;
}

/**
 * Returns a hook for the log. A line of a kind (message and reason) is left out after the first three, until a minute has
 * passed without one. `readRoot` returns the log that says each minute how many were left out.
 */
export function createFolding(readRoot: () => Logger): Hook {
  const kinds = new Map<string, Kind>();

  const watch = (name: string, kind: Kind, level: number, line: { message: string; reason: string }) => {
    const timer = setInterval(() => {
      const { leftOut } = kind;
      kind.leftOut = 0;
      if (leftOut === 0) {
        clearInterval(timer);
        kinds.delete(name);
        return;
      }
      const root = readRoot();
      const say = root.levels.labels[level] as 'warn' | 'error' | 'fatal';
      root[say]({ reason: line.reason, leftOut }, line.message);
    }, SAY_EVERY_MS);
    timer.unref();
  };
  return function hook(args, method, level) {
    const [fields, message] = args as [unknown, unknown];
    const reason = level >= WARN ? reasonOf(fields) : undefined;
    if (reason !== undefined) {
      const line = { message: String(message ?? ''), reason };
      const own = `${level} ${line.message}\n${reason}`;
      const name = kinds.has(own) || kinds.size < MOST_KINDS ? own : 'further kinds';
      const kind = kinds.get(name) ?? { written: 0, leftOut: 0 };
      if (!kinds.has(name)) {
        kinds.set(name, kind);
        watch(name, kind, level, line);
      }
      if (kind.written >= WRITTEN) {
        kind.leftOut += 1;
        return;
      }
      kind.written += 1;
    }
    method.apply(this, args);
  };
}
