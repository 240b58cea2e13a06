/**
 * Locks a file of the guard, so that one command at a time works with it. Two sweeps of one plan would remove and
 * restore the same people; two installations would record each other's changes as the former state. The lock is a file
 * beside it, and a process that has ended holds none.
 */
import { LockHeld, takeLock } from '../../kernel/process-lock.js';
import { GuardError, toUnwritten } from './guard-error.js';

/**
 * Takes the lock `<file>.lock` and returns the function that releases it. Throws {@link GuardError} while another
 * process works with the file.
 */
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
