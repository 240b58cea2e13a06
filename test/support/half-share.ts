/**
 * Half of a run's share (share.ts), for exhaustive work that takes minutes: six kinds of commits play everything instead of three. The seed
 * chooses the half, and CI's seed is the commit's. Without `TEST_SHARE` it is all of it.
 */
import { SEED } from './random.js';
import { SHARE, type Share, shareFor, shareOf } from './share.js';

const HALF: Share = SHARE.of === 1 ? SHARE : { part: SHARE.part + SHARE.of * (Math.abs(SEED) % 2), of: SHARE.of * 2 };

/** Distance between the numbers that a half share plays: six, where a share is a third. */
export const HALF_STEP = HALF.of;

/** The first of them, another one for each `kind` (from 0): a run meets other numbers with each kind. */
export const halfShareFirst = (kind: number): number => ((HALF.part - 1 + kind) % HALF.of) + 1;

/** The items of this run's half share; at least one, where there is any. */
export const halfShareOf = <T>(items: readonly T[]): readonly T[] => shareOf(items, HALF);

/** The items of this run's half share for the thing of this name (share.ts, `shareFor`). */
export const halfShareFor = <T>(name: string, items: readonly T[]): readonly T[] => shareFor(name, items, HALF);
