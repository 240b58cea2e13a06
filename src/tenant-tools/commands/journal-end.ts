/**
 * Converts an error of the journal to one of the command: a wrong file is wrong use, a full disk is not. Opens nothing.
 */

import { CommandError, EXIT } from '../../terminal/exit.js';
import { JournalError } from '../rollout/journal.js';

/** Returns the command's error for a {@link JournalError}. Returns any other error unchanged. */
export function toJournalEnd(error: unknown): unknown {
  if (!(error instanceof JournalError)) return error;
  return new CommandError(
    error.fault === 'machine' ? EXIT.otherSide : EXIT.wrongUse,
    `${error.message}.`,
    error.advice,
  );
}
