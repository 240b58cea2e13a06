/**
 * Times one RS256 signature: the unit in which the benchmark reports processor time. A machine that is slower signs more
 * slowly as well, so the same build has nearly the same figures in this unit everywhere. Has to run while the machine is idle.
 */
import { generateKeyPairSync, sign } from 'node:crypto';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const BATCHES = 5;
const SIGNATURES = 100;

/** Returns the milliseconds of one signature with a key of 2048 bits: the median of five batches. */
export function timeSignature(): number {
  const times = Array.from({ length: BATCHES }, (_, batch) => {
    const start = performance.now();
    for (let count = 0; count < SIGNATURES; count += 1) sign('sha256', Buffer.from(`${batch} ${count}`), privateKey);
    return (performance.now() - start) / SIGNATURES;
  });
  return times.sort((a, b) => a - b)[Math.floor(BATCHES / 2)] ?? Number.NaN;
}
