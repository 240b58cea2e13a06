/** The second factors that an account has after this login. Pure. */
import type { Factor } from '../domain/factors/factor.js';
import { planPasswords } from './plan-mailbox.js';
import type { Admitted, Attempt } from './stages.js';

/**
 * Leaves out the factors that the same login deletes (docs/linking-rule.md, part 10). Attack: a stranger who opened the
 * account under its owner's address set them up, and the owner could never pass them.
 */
export function ownFactors<Kept extends Pick<Factor, 'vouchedBy'>>(
  admitted: Admitted,
  { request }: Pick<Attempt, 'request'>,
  factors: readonly Kept[],
): readonly Kept[] {
  const { endPasswords } = planPasswords(admitted, request);
  if (endPasswords === undefined) return factors;
  return factors.filter(({ vouchedBy }) =>
    endPasswords.which === 'unmailed' ? vouchedBy === 'mail' : vouchedBy !== undefined,
  );
}
