/**
 * A lock file that holds the number of the process which works on a journal. It appears with its content (by a hard link), so nobody reads
 * an empty one; that of a process which has ended is taken over, by one process only. Never ends or waits for another process.
 */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';

/** Another process holds the lock. */
export class LockHeld extends Error {
  override name = 'LockHeld';
  constructor(readonly pid: number) {
    super(`process ${pid} holds the lock`);
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

/** True for a lock whose process runs. One of this process's own number is from before a restart: numbers come again in a container. */
function isHeld(text: string): boolean {
  const pid = Number(text);
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isRunning(pid);
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
  const aside = `${file}.${process.pid}.stale`;
  try {
    await rename(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const text = await readText(aside);
  if (isHeld(text)) await tryLink(aside, file);
  await rm(aside, { force: true });
  if (isHeld(text)) throw new LockHeld(Number(text));
}

/** Takes the lock and returns how to give it back. Throws {@link LockHeld}. */
export async function takeLock(file: string): Promise<() => Promise<void>> {
  const own = `${file}.${process.pid}`;
  await writeFile(own, `${process.pid}\n`);
  try {
    while (!(await tryLink(own, file))) {
      const text = await readText(file);
      if (isHeld(text)) throw new LockHeld(Number(text));
      await removeStale(file);
    }
  } finally {
    await rm(own, { force: true });
  }
  return () => rm(file, { force: true });
}
