/**
 * The loop of a worker on rows: works off what is due, waits, and looks again; sooner when it is woken. Knows nothing of the
 * work. Its timer keeps no process alive.
 */

export interface WorkerLoop {
  /** Begins to work, now and whenever something is due. */
  start(): void;
  /** Resolves when what is under way has ended. Nothing is begun afterwards. */
  stop(): Promise<void>;
  /** Looks at once: something was put in. */
  wake(): void;
  /** True once `stop` was called. */
  isStopping(): boolean;
}

export interface WorkerLoopOptions {
  /** Works off everything that is due; ends early when the loop is stopping. */
  readonly drain: () => Promise<unknown>;
  readonly pollMs: number;
  /** Called with what `drain` threw; the next round tries again. */
  readonly onFailure: (error: Error) => void;
}

/** Whoever calls `start` calls `stop`. */
export function createWorkerLoop({ drain, pollMs, onFailure }: WorkerLoopOptions): WorkerLoop {
  let running: Promise<void> | undefined;
  let stopping = false;
  let woken = false;
  let endPause: () => void = () => {};

  const pause = async (): Promise<void> => {
    if (!woken && !stopping)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        timer.unref();
        endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    woken = false;
  };
  const loop = async (): Promise<void> => {
    while (!stopping) {
      try {
        await drain();
      } catch (error) {
        onFailure(error as Error);
      }
      await pause();
    }
  };
  return {
    isStopping: () => stopping,
    start() {
      running ??= loop();
    },
    wake() {
      woken = true;
      endPause();
    },
    async stop() {
      stopping = true;
      endPause();
      await running;
    },
  };
}
