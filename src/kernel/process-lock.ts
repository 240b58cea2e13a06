/**
 * A lock file with the id of the process that works on a journal, and the name of its machine. It appears together with
 * its content (by a hard link), so nobody reads an empty one. If its process has exited, exactly one other process
 * takes the lock over. Never takes over the lock of another machine or container: whether its process runs cannot be
 * seen from here. Never stops or waits for another process.
 */
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Thrown when another process holds the lock. */
export class LockHeld extends Error {
  override name = 'LockHeld';
  constructor(
    readonly pid: number,
    readonly host: string,
  ) {
    super(`process ${pid} on ${host} holds the lock`);
  }
}

/**
 * True for a process that was killed and that its parent has not collected: in a container without an init process it
 * may stay forever. False where the system does not tell (only Linux has /proc).
 */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The state follows the name, which is in parentheses and may contain any character (proc_pid_stat(5)).
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'Z';
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Returns the process that holds the lock; undefined when it has exited. A lock with this process's own id is from
 * before a restart: in a restarted container, processes get the same ids. Two containers with one folder can have the
 * same ids at once, so the machine's name is compared first.
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
 * Removes the lock file of an exited process. Checks the file again after moving it: another process may have taken the
 * lock meanwhile.
 */
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

/** Locks a file for this process and returns the function that releases it. Throws {@link LockHeld}. */
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
