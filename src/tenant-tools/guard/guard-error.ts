/**
 * The error of the guard's tools: reason, fault and remedy. Holds no secret. The command line gives it an exit code.
 */
import { findFileReason } from '../../kernel/file-errors.js';

/** Thrown when a tool of the guard cannot go on. */
export class GuardError extends Error {
  override name = 'GuardError';
  constructor(
    /** `use`: the command or its files are wrong. `tenant`: the tenant behaves unexpectedly. */
    readonly fault: 'use' | 'tenant',
    message: string,
    readonly advice?: string,
  ) {
    super(message);
  }
}

/** Converts an error of writing a file (disk full, folder read-only). Returns any other error unchanged. */
export function toUnwritten(file: string, error: unknown): unknown {
  const reason = findFileReason(error, 'write', file);
  if (reason === undefined) return error;
  const advice =
    'Give it space, in a folder that you may write. Then run the same command again: it goes on where it was.';
  return new GuardError('use', `${file} cannot be written: ${reason}.`, advice);
}
