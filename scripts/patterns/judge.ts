/**
 * Judges whether a regular expression may take more than linear time for a text (ReDoS). Uses `recheck` in its form
 * without native code, which gives the same answer on every machine.
 */
// The package's main entry would start a Java or native program if it found one.
import recheck from 'recheck/lib/browser.js';
import type { FoundPattern } from './find-patterns.js';

/** A pattern that takes longer to judge counts as a finding ("not judged"). Make it simpler. */
const LIMIT_MS = 60_000;

/** Number of steps from which an attack counts: a hundredth of the judge's own default. */
const ATTACK_STEPS = 15_000_000;

/** Returns undefined for a pattern with linear time, else a description with a text that shows the problem. */
export function findDanger({ source, flags }: Pick<FoundPattern, 'source' | 'flags'>): string | undefined {
  // Counts steps instead of time, so that the result does not depend on the machine.
  const found = recheck.checkSync(source, flags, {
    timeout: LIMIT_MS,
    attackTimeout: null,
    attackLimit: ATTACK_STEPS,
    incubationTimeout: null,
    seedingTimeout: null,
  });
  if (found.status === 'safe') return undefined;
  if (found.status === 'unknown') return `could not be judged (${found.error.kind})`;
  return `${found.complexity.summary}: ${found.attack.pattern}`;
}
