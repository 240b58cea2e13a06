/**
 * Whether a regular expression may take more than a time in proportion to the length of the text it is held against (ReDoS).
 * The judge is `recheck`, in its form without native code: the same answer on every machine.
 */
// The package's main entry starts a Java or native program where it finds one.
import recheck from 'recheck/lib/browser.js';
import type { FoundPattern } from './find-patterns.js';

/** A pattern that takes longer to judge is to be made simpler: it is "not judged", which counts as a finding. */
const LIMIT_MS = 60_000;

/** An attack is believed when the pattern takes so many steps for it: a hundredth of what the judge would try by itself. */
const ATTACK_STEPS = 15_000_000;

/** Undefined for a pattern whose time is linear, else what it does, with a text that shows it. */
export function findDanger({ source, flags }: Pick<FoundPattern, 'source' | 'flags'>): string | undefined {
  // Steps in place of clocks: what is found must not depend on how fast the machine is.
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
