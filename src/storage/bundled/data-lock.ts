/**
 * Allows one Vestibule per data directory. The lock is a file that names its owner: pid, start time of that process,
 * and the set of processes in which the pid is valid (a container has its own). An owner in another set, on a shared
 * volume, shows that it is alive by renewing the file's time. Never takes the lock from an owner that is known to be
 * alive.
 */
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../kernel/clock.js';
import { StartError } from '../../kernel/errors.js';
import { randomAlphanumeric, systemEntropy } from '../../kernel/ids.js';
import { findProcess, pause, readPidSpace } from './processes.js';

const RENEW_MS = 5_000;
/**
 * Age of the file after three missed renewals: the owner then counts as dead. If it was only suspended, the lock of its
 * database server still keeps a second server away from the data.
 */
const STALE_MS = 15_000;

interface Owner {
  readonly pid: number;
  readonly startedAt: string;
  readonly pidSpace: string;
}

export interface DataLock {
  /** Releases the lock of the directory. May be called twice. */
  release(): void;
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    if (typeof owner?.pid !== 'number') return undefined;
    return { pid: owner.pid, startedAt: String(owner.startedAt), pidSpace: String(owner.pidSpace) };
  } catch {
    return undefined;
  }
}

function findText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function ageMs(path: string, clock: Clock): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  // The absolute difference: after the clock was set back, the file of a dead owner must not look new for a long time.
  return stats === undefined ? Number.POSITIVE_INFINITY : Math.abs(clock.now().getTime() - stats.mtimeMs);
}

/** True when the owner named in `text` still runs. Waits when only the file's time can show that. */
async function isAlive(path: string, text: string, self: Owner, clock: Clock): Promise<boolean> {
  const owner = parseOwner(text);
  // The file is still being written, or was cut off by a full disk.
  if (owner === undefined) {
    await pause(200);
    const now = findText(path);
    return now !== undefined && now !== text;
  }
  if (owner.pidSpace === self.pidSpace) return (await findProcess(owner.pid))?.startedAt === owner.startedAt;
  const renewed = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  while (ageMs(path, clock) < STALE_MS) {
    await pause(500);
    if (statSync(path, { throwIfNoEntry: false })?.mtimeMs !== renewed) return true;
  }
  return false;
}

function describeOwner(text: string, self: Owner): string {
  const owner = parseOwner(text);
  if (owner === undefined) return 'another process';
  return owner.pidSpace === self.pidSpace ? `pid ${owner.pid}` : 'in another container or on another machine';
}

/**
 * Moves the lock file of a dead owner away. Two processes may find the same dead owner, and the second could remove the
 * new lock of the first. So the moved file is compared with `judged`, and restored if it differs.
 */
function removeDead(path: string, judged: string): void {
  const aside = `${path}.${randomAlphanumeric(systemEntropy, 8)}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') === judged) rmSync(aside, { force: true });
  else renameSync(aside, path);
}

function tryCreate(path: string, owner: Owner): boolean {
  try {
    writeFileSync(path, JSON.stringify(owner), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    rmSync(path, { force: true });
    throw new StartError(
      `The data directory cannot be written: ${(error as Error).message}. Permit it or free some space, or choose another one with VESTIBULE_DATA_DIR.`,
      { cause: error },
    );
  }
}

/** Locks the data directory for this process. Throws {@link StartError} when another live Vestibule has it. */
export async function lockDataDirectory(dataDir: string, clock: Clock): Promise<DataLock> {
  const path = join(dataDir, 'vestibule.lock');
  const self: Owner = {
    pid: process.pid,
    startedAt: (await findProcess(process.pid))?.startedAt ?? '',
    pidSpace: await readPidSpace(),
  };
  while (!tryCreate(path, self)) {
    const text = findText(path);
    if (text === undefined) continue;
    if (await isAlive(path, text, self, clock))
      throw new StartError(
        `The data directory ${dataDir} is in use by another Vestibule (${describeOwner(text, self)}). Stop that one, or choose another directory with VESTIBULE_DATA_DIR.`,
      );
    removeDead(path, text);
  }
  return holdLock(path, JSON.stringify(self), clock);
}

function holdLock(path: string, own: string, clock: Clock): DataLock {
  const timer = setInterval(() => {
    try {
      utimesSync(path, clock.now(), clock.now());
    } catch {
      // The directory was deleted: nothing is left to lock.
    }
  }, RENEW_MS);
  timer.unref();
  const release = () => {
    clearInterval(timer);
    process.off('exit', release);
    if (findText(path) === own) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return { release };
}
