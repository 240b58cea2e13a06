/**
 * A lock file that holds the number of the process which works on a journal, and the name of its machine. It appears with its content (by a hard
 * link), so nobody reads an empty one; that of a process which has ended is taken over, by one process only, and never that of another machine
 * or container: nobody can see from here whether its process runs. Never ends or waits for another process.
 */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Another process holds the lock. */
export class LockHeld extends Error {
  override name = 'LockHeld';
  constructor(
    readonly pid: number,
    readonly host: string,
  ) {
    super(`process ${pid} on ${host} holds the lock`);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The process that holds the lock; undefined where it has ended. One of this process's own number is from before a restart: numbers come again
 * in a container. Two containers with one folder have the same numbers at once, so the name of the machine is looked at first.
 */
function findHolder(text: string): LockHeld | undefined {
  const [number = '', host = hostname()] = text.trim().split(' ');
  const pid = Number(number);
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  if (host === hostname() && (pid === process.pid || !isRunning(pid))) return undefined;
  return new LockHeld(pid, host);
}

const readText = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');

async function tryLink(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Moves the lock of an ended process away. The moved file is looked at again: another process may have taken the lock
 * meanwhile. */
async function removeStale(file: string): Promise<void> {
  const aside = `${file}.${hostname()}.${process.pid}.stale`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const text = await readText(aside);
  const holder = findHolder(text);
  if (holder !== undefined) await tryLink(aside, file);
  await rm(aside, { force: true });
  if (holder !== undefined) throw holder;
}

/** Takes the lock and returns how to give it back. Throws {@link LockHeld}. */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  const own = `${file}.${hostname()}.${process.pid}`;
  await writeFile(own, `${process.pid} ${hostname()}\n`);
  try {
    while (!(await tryLink(own, file))) {
      const holder = findHolder(await readText(file));
      if (holder !== undefined) throw holder;
      await removeStale(file);
    }
  } finally {
    await rm(own, { force: true });
  }
  return () => rm(file, { force: true });
}
