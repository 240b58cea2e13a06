/**
 * The primary process of `serve --workers`: opens the database and migrates it, holds the port, and keeps the wanted
 * number of workers running, each a whole server. Answers no request itself, and has no rule of its own.
 */
import cluster, { type Worker } from 'node:cluster';
import { PRIMARY_VARIABLE, type RunningServer } from '../../cli/world.js';
import type { Config } from '../../config/config.js';
import { Closers } from '../../kernel/closers.js';
import { StartError } from '../../kernel/errors.js';
import { systemEntropy } from '../../kernel/ids.js';
import { openDatabase } from '../database.js';
import { openLog } from '../log.js';
import { createBoxes } from '../secrets.js';
import { isOurs, type ToPrimary, type ToWorker } from './messages.js';

/** Time that a worker gets beyond the grace period before it is killed, in milliseconds. */
const BEYOND_GRACE_MS = 2_000;
/** Pauses before a worker that cannot start is started again, in milliseconds. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;

/** Waits until a worker says that it is ready. Throws {@link StartError} if it says why not, or ends. */
function untilReady(worker: Worker): Promise<Extract<ToPrimary, { vestibule: 'ready' }>> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: ToPrimary) => {
      if (!isOurs(message)) return;
      if (message.vestibule === 'ready') resolve(message);
      if (message.vestibule === 'failed') reject(new StartError(message.reason));
    });
    worker.once('exit', (code, signal) =>
      reject(new StartError(`A worker ended before it was ready (${signal ?? `exit code ${code}`})`)),
    );
  });
}

const untilGone = (worker: Worker): Promise<void> =>
  new Promise((resolve) => {
    if (worker.isDead()) resolve();
    else worker.once('exit', () => resolve());
  });

/** Sends a message, unless the worker is ending. */
function tellOne(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}

type Start = Omit<Extract<ToWorker, { readonly vestibule: 'start' }>, 'vestibule'>;

/** Starts workers with what `started` says, and starts others for those that end. */
function createKeeper(config: Config, started: Start) {
  const log = openLog(config);
  const workers = new Set<Worker>();
  let stopping = false;

  const start = async () => {
    const worker = cluster.fork({ [PRIMARY_VARIABLE]: String(process.pid) });
    workers.add(worker);
    worker.once('exit', () => workers.delete(worker));
    // A message to a worker that is about to end fails; its end is noticed anyway.
    worker.on('error', () => {});
    worker.on('message', (message: ToPrimary) => {
      if (!isOurs(message) || message.vestibule !== 'listening') return;
      tellOne(worker, stopping ? { vestibule: 'stop' } : { vestibule: 'start', ...started });
    });
    const ready = await untilReady(worker);
    worker.once('exit', (code, signal) => {
      if (stopping) return;
      log.error({ worker: worker.process.pid, code, signal }, 'a worker ended unexpectedly: another one starts');
      void replace();
    });
    return ready;
  };
  const replace = async (): Promise<void> => {
    for (let pauseMs = FIRST_PAUSE_MS; !stopping; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await start();
        return log.warn({ workers: workers.size }, 'a worker was started again');
      } catch (error) {
        if (stopping) return;
        log.error({ reason: (error as Error).message, retryInMs: pauseMs }, 'a worker does not start');
        await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
      }
    }
  };
  const tell = (message: ToWorker): void => {
    for (const worker of workers) tellOne(worker, message);
  };
  return {
    start,
    tell,
    async stop() {
      stopping = true;
      const left = [...workers];
      tell({ vestibule: 'stop' });
      const limitMs = config.shutdown.graceSeconds * 1_000 + BEYOND_GRACE_MS;
      const kill = setTimeout(() => {
        for (const worker of left) worker.process.kill('SIGKILL');
      }, limitMs);
      await Promise.all(left.map(untilGone));
      clearTimeout(kill);
    },
  };
}

/**
 * Starts `count` workers that share one port, and returns when each is ready. The first one starts alone, so that a
 * wrong port or key is reported once. Throws {@link StartError} for errors that the operator can fix; `signal` ends the
 * start, which then rejects with an `AbortError`.
 */
export async function startWorkers(config: Config, count: number, signal: AbortSignal): Promise<RunningServer> {
  const log = openLog(config);
  const closers = new Closers(log);
  const graceMs = config.shutdown.graceSeconds * 1_000 + 2 * BEYOND_GRACE_MS;
  try {
    // Creates the secret key of a new data directory before workers read it.
    createBoxes(config, systemEntropy);
    const database = await openDatabase(config, 'vestibule', log, signal);
    closers.add(() => database.close());
    const keeper = createKeeper(config, { databaseUrl: database.url, workers: count });
    closers.add(() => keeper.stop(), 1);
    if (config.metricsPort !== undefined) {
      const metrics = (await import('../../http/metrics-of-workers.js')).createMetricsOfWorkers();
      await metrics.listen(config.metricsPort);
      closers.add(() => metrics.close());
    }
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    const started = keeper.start().then(async (first) => {
      await Promise.all(Array.from({ length: count - 1 }, () => keeper.start()));
      return first;
    });
    const { firstOperatorLink } = await Promise.race([started, aborted]);
    log.info({ workers: count }, 'all workers are ready');
    return {
      origin: config.origin,
      firstOperatorLink,
      reload: () => keeper.tell({ vestibule: 'reload' }),
      close: () => closers.run(graceMs),
    };
  } catch (error) {
    await closers.run(graceMs);
    throw error;
  }
}
