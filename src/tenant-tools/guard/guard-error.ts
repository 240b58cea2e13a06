/** The error of the guard's tools: the reason, whose fault it is, and how to go on. Holds no secret. The command line gives it an exit code. */
import { findFileReason } from '../../kernel/file-errors.js';

export class GuardError extends Error {
  override name = 'GuardError';
  constructor(
    /** `use`: the command or its files are wrong. `tenant`: the tenant does something else than it should. */
    readonly fault: 'use' | 'tenant',
    message: string,
    readonly advice?: string,
  ) {
    super(message);
  }
}

/** The disk or the folder refuses a file beside the command's own one; every other error as it is. */
export function toUnwritten(file: string, error: unknown): unknown {
  const reason = findFileReason(error, 'write', file);
  if (reason === undefined) return error;
  const advice =
    'Give it space, in a folder that you may write. Then run the same command again: it goes on where it was.';
  return new GuardError('use', `${file} cannot be written: ${reason}.`, advice);
}
