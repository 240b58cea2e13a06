/**
 * Keeps the bundled server running: when its process exits unexpectedly (out of memory, a stray kill), restarts it on
 * the same socket, where the pool finds it. Never gives up while this process runs. Logs each exit and each start.
 */
import { StartError } from '../../kernel/errors.js';
import { type Postmaster, type PostmasterOptions, startPostmaster, stopLeftover } from './postmaster.js';
import { pause } from './processes.js';

export interface Supervised {
  /** Stops the server and the supervision. May be called twice. */
  stop(): Promise<void>;
}

const LONGEST_PAUSE_MS = 2_000;

/**
 * Starts the server, waiting for its predecessor's children: after a kill they exit within moments, and until then
 * PostgreSQL refuses to start. A server that a killed Vestibule had just restarted may appear after {@link
 * stopLeftover} has looked; the lock of the data directory ensures that nobody else started it.
 */
async function startAfterPredecessor(options: PostmasterOptions): Promise<Postmaster> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startPostmaster(options);
    } catch (error) {
      if (!(error instanceof StartError) || tries >= 25) throw error;
      if (/Another PostgreSQL server uses/.test(error.message)) await stopLeftover(options.pgData, options.log);
      else if (!/pre-existing shared memory block/.test(error.message)) throw error;
      await pause(200);
    }
  }
}

/**
 * Starts the server, and restarts it whenever it exits before `stop`. Throws {@link StartError} when the first start
 * fails.
 */
export async function startSupervised(options: PostmasterOptions): Promise<Supervised> {
  const { log } = options;
  let stopping = false;
  let current: Postmaster | undefined = await startAfterPredecessor(options);

  const restart = async () => {
    current = undefined;
    for (let pauseMs = 200; !stopping; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        const started = await startPostmaster(options);
        // `stop` was called meanwhile and found no server, so this one is stopped here.
        if (stopping) return await started.stop();
        current = started;
        log.warn({ postmaster: started.pid }, 'the database server was started again');
        return;
      } catch (error) {
        log.error({ reason: (error as Error).message, retryInMs: pauseMs }, 'the database server does not start');
        await pause(pauseMs);
      }
    }
  };
  const watch = async () => {
    while (current !== undefined) {
      await current.ended;
      if (stopping) return;
      log.error({ postmaster: current.pid }, 'the database server ended unexpectedly');
      await restart();
    }
  };
  const watching = watch();
  return {
    async stop() {
      stopping = true;
      await current?.stop();
      await watching;
    },
  };
}
