/**
 * Answers "would an admitted person be asked for a second factor, and by which rule?" for the explanation of a login, by the
 * rules of decide.ts and challenge.ts. Writes nothing and asks nobody.
 */
import type { LoginReads } from '../ports/login-store.js';
import { findFactorWay, readFactors } from './challenge.js';
import type { FactorNeed } from './factor-stages.js';
import { type Refusal, refuse } from './refusals.js';
import { bindingNeed, factorNeed } from './second-factor.js';
import type { Admitted, Attempt } from './stages.js';
import type { Trace } from './trace.js';

/** A login that is only assumed keeps nothing. */
const NOTHING_KEPT = { newUserId: '' } as const;

/**
 * Adds the question for a factor to the trace. Returns its reason; the refusal, where the person could not answer it; or
 * undefined when nobody would ask.
 */
export async function explainFactor(
  admitted: Admitted,
  attempt: Attempt,
  { reads, trace }: { readonly reads: Pick<LoginReads, 'findFactors'>; readonly trace: Trace },
): Promise<FactorNeed['reason'] | Refusal | undefined> {
  for (const need of [bindingNeed(admitted), factorNeed(admitted, attempt)]) {
    if (need === undefined) continue;
    const ground = await readFactors(admitted, NOTHING_KEPT, reads);
    const way = findFactorWay({ admitted, need }, attempt, ground);
    const { reason } = need;
    if (way.ask === 'missing') {
      trace.add('authenticate', 'second_factor', 'refuse', { reason, ...way.evidence });
      return refuse('authenticate.no_accepted_factor', `asked for by: ${reason}`);
    }
    if (way.ask === 'pass') continue;
    const kinds = way.ask === 'enrol' ? way.kinds : [...new Set(way.usable.map(({ kind }) => kind))];
    trace.add('authenticate', 'second_factor', 'ask', { reason, asks: way.ask, kinds });
    return reason;
  }
  return undefined;
}
