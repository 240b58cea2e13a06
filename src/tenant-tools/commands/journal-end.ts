/** The end of a command over its journal: the wrong file is wrong use, a disk that is full is not. Opens nothing. */

import { CommandError, EXIT } from '../../terminal/exit.js';
import { JournalError } from '../rollout/journal.js';

/** The error that ends the command, for one of the journal; every other as it is. */
export function toJournalEnd(error: unknown): unknown {
  if (!(error instanceof JournalError)) return error;
  return new CommandError(
    error.fault === 'machine' ? EXIT.otherSide : EXIT.wrongUse,
    `${error.message}.`,
    error.advice,
  );
}
