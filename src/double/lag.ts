/**
 * Eventually consistent reads. They are answered from a snapshot of the directory that is between half of `lagMs` and
 * `lagMs` old. Two snapshots are open: the older one serves reads, until the younger one replaces it.
 */
import type { Directory, DirectoryStore } from '../ports/directory.js';

/** The directory as it was at one instant, read only. Holds a database connection until it is closed. */
export interface DirectorySnapshot {
  readonly directory: Directory;
  /** Closes the snapshot. A second call does nothing. */
  close(): Promise<void>;
}

/** Reads an older state of the directory, as a delayed replica would. */
export interface Lag {
  read<T>(ask: (old: Directory) => Promise<T>): Promise<T>;
  /** Closes the snapshots. Later reads see the current state. */
  close(): Promise<void>;
}

interface LagParts {
  readonly directory: DirectoryStore;
  /** Maximum age of the state that reads see, in milliseconds. With 0, they see the current state. */
  readonly lagMs: number;
  openSnapshot(): Promise<DirectorySnapshot>;
  readonly log: { warn(fields: object, message: string): void };
}

/** A snapshot that several reads share. It closes when it is no longer needed and its last read has finished. */
class Shared {
  private readers = 0;
  private isUnwanted = false;
  constructor(private readonly snapshot: DirectorySnapshot) {}

  async read<T>(ask: (old: Directory) => Promise<T>): Promise<T> {
    this.readers += 1;
    try {
      return await ask(this.snapshot.directory);
    } finally {
      this.readers -= 1;
      await this.closeIfDone();
    }
  }

  async drop(): Promise<void> {
    this.isUnwanted = true;
    await this.closeIfDone();
  }

  private async closeIfDone(): Promise<void> {
    if (this.isUnwanted && this.readers === 0) await this.snapshot.close();
  }
}

const present = (directory: DirectoryStore): Lag => ({
  read: (ask) => ask(directory),
  close: async () => {},
});

/** Creates the delayed reads. Opens the first snapshot at once, so that reads are old from the start. */
export async function createLag({ directory, lagMs, openSnapshot, log }: LagParts): Promise<Lag> {
  if (lagMs === 0) return present(directory);
  const open = async () => new Shared(await openSnapshot());
  let serving: Shared | undefined = await open();
  let waiting: Shared | undefined;
  let turning: Promise<void> = Promise.resolve();
  const turn = async (): Promise<void> => {
    const next = await open();
    if (waiting !== undefined) {
      const before = serving;
      serving = waiting;
      await before?.drop();
    }
    waiting = next;
  };
  const timer = setInterval(() => {
    turning = turning.then(turn).catch((error: unknown) => log.warn({ err: error }, 'no new snapshot for the double'));
  }, lagMs / 2);
  return {
    async read(ask) {
      const snapshot = serving;
      if (snapshot === undefined) return ask(directory);
      try {
        return await snapshot.read(ask);
      } catch (error) {
        // The failed statement has aborted the snapshot's transaction, so the snapshot is useless. Until the next one
        // takes its place, reads see the current state.
        if (serving === snapshot) serving = undefined;
        await snapshot.drop();
        throw error;
      }
    },
    async close() {
      clearInterval(timer);
      await turning;
      await Promise.all([serving?.drop(), waiting?.drop()]);
      serving = undefined;
      waiting = undefined;
    },
  };
}
