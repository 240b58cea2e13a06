/**
 * Chance in tests. `TEST_SEED` repeats it: `.ci/run` takes it from the commit, so a commit that passed passes again. A
 * test gets fast-check and its seed from here and from nowhere else (test/tidy.test.ts).
 */
import { randomInt } from 'node:crypto';
import fc from 'fast-check';

/** The seed of this run: `TEST_SEED`, or a new one. A test that fails names it. */
export const SEED = Number(process.env.TEST_SEED ?? randomInt(1, 1_000_000_000));
if (!Number.isSafeInteger(SEED)) throw new Error(`TEST_SEED is ${process.env.TEST_SEED}: it takes a whole number`);

if (process.env.TEST_SEED !== undefined) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: SEED });

export default fc;
