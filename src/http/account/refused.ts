/** The sentences about refused changes on the page of the account. They must not tell of other accounts. */
import type { PasswordRefusal } from '../../management/my-account/password.js';
import type { Said } from '../pages/speech.js';
import { textOf } from './visit.js';

/** Returns the sentence of a refused change. `company` and the like are shown on the page itself. */
export function sayRefused(why: PasswordRefusal): Said {
  if (why === 'last') return textOf('last');
  if (why === 'full') return textOf('full');
  if (why === 'exists') return textOf('exists');
  const isOver = why === 'changed' || why === 'late' || why === 'gone' || why === 'kind';
  return isOver ? textOf('changed') : textOf('notAllowed');
}
