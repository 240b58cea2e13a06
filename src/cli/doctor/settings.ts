/** Judges settings that promise a protection which this server does not give. */
import type { VainPromise } from '../../ports/examiner.js';
import { type Finding, findingsOf } from './finding.js';

/** Maximum number of settings that have a line of their own: an imported tenant may have thousands. */
const MOST = 20;

/** Warns of each setting that promises a protection and has no effect. */
export function judgeSettings(promises: readonly VainPromise[]): readonly Finding[] {
  const { ok, warn } = findingsOf('settings');
  if (promises.length === 0) return [ok('No setting promises a protection that this server does not give.')];
  const lines = promises
    .slice(0, MOST)
    .map(({ of, property, because }) =>
      warn(`${property} of ${of} is set and has no effect. ${because}`, 'Do not rely on it, or take it away.'),
    );
  const rest = promises.length - lines.length;
  return rest === 0 ? lines : [...lines, warn(`${rest} further settings promise a protection and have no effect.`)];
}
