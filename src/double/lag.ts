/**
 * Eventually consistent reads: answered from a snapshot of the directory whose age is between half the lag and the
 * whole. Two snapshots are open at a time; the younger one replaces the older one in its turn.
 */
import type { Directory, DirectoryStore } from '../ports/directory.js';

/** The directory as of one instant, read only. Holds a database connection until it is closed. */
export interface DirectorySnapshot {
  readonly directory: Directory;
  /** Closes the snapshot. A second call does nothing. */
  close(): Promise<void>;
}

/** Reads an older state of the directory, as a delayed replica would. */
export interface Lag {
  read<T>(ask: (old: Directory) => Promise<T>): Promise<T>;
  /** Closes the snapshots; later reads are of the present state. */
  close(): Promise<void>;
}

interface LagParts {
  readonly directory: DirectoryStore;
  /** Greatest age of the state that is read, in milliseconds; 0 reads the present state. */
  readonly lagMs: number;
  openSnapshot(): Promise<DirectorySnapshot>;
  readonly log: { warn(fields: object, message: string): void };
}

/** A snapshot that closes itself when it is no longer wanted and its last read has finished. */
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

/** Opens the first snapshot, so that a double that has just started serves old reads too. */
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
        // The failed statement has aborted the snapshot's transaction: until the next turn, reads are of the present
        // state.
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
