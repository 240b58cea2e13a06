/**
 * One command of the guard at a time on one file: two sweeps of one plan would remove and put back the same people, and two installations
 * would each take the other's changes for what was there before. The lock is a file beside it, which a process that ended does not hold.
 */
import { LockHeld, takeLock } from '../../kernel/process-lock.js';
import { GuardError, toUnwritten } from './guard-error.js';

/** Takes `<file>.lock` and returns how to give it back. Throws {@link GuardError} while another process works with the file. */
export async function holdAlone(file: string): Promise<() => Promise<void>> {
  try {
    return await takeLock(`${file}.lock`);
  } catch (error) {
    if (!(error instanceof LockHeld)) throw toUnwritten(`${file}.lock`, error);
    throw new GuardError(
      'use',
      `Process ${error.pid} works with ${file}; the lock is ${file}.lock. Nothing was done.`,
      'Wait until it has ended. If that process is no `vestibule guard`, remove the lock.',
    );
  }
}
