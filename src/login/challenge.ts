/**
 * Asks for a second factor and checks the answer: outside any transaction, before the commit. Reads the account's
 * factors, counts tries, and adds the result to the login's kept state; the commit claims the answer and writes what the
 * person set up. A wrong answer, a fault or a missing factor never passes (fail closed).
 */

import { hasPrompt } from '../domain/authorization-request.js';
import type { Factor, FactorKind } from '../domain/factors/factor.js';
import { settingOf } from '../domain/factors/factor.js';
import { newRecoveryCode } from '../domain/factors/new-factor.js';
import { isEnterprise } from '../domain/tenant.js';
import type { FactorGround } from '../ports/login-store.js';
import { type ChallengeDeps, checkFactor, enrolFactor, type Passed } from './check-factor.js';
import type { FactorAgain, FactorNeed, FactorQuestion, KeptFactor } from './factor-stages.js';
import { userIdOf } from './kept.js';
import { planPasswords } from './plan-mailbox.js';
import { type Refusal, refuse } from './refusals.js';
import { factorsRevisionOf } from './second-factor.js';
import type { Admitted, Attempt, Kept } from './stages.js';
import type { Trace } from './trace.js';

export interface Challenge {
  readonly admitted: Admitted;
  readonly need: FactorNeed;
}

interface Context {
  readonly attempt: Attempt;
  readonly kept: Kept;
  readonly trace: Trace;
}

export type Challenged = { readonly kept: Kept } | FactorQuestion | FactorAgain | Refusal;

const NOBODY: FactorGround = { revision: 0, factors: [], hasOtherWaysIn: false };

/**
 * Leaves out the factors that the same login deletes (docs/linking-rule.md, part 10). Attack: a stranger who opened the
 * account under its owner's address set them up, and the owner could never pass them.
 */
function ownFactors(admitted: Admitted, { request }: Attempt, { factors }: FactorGround): readonly Factor[] {
  const { endPasswords } = planPasswords(admitted, request);
  if (endPasswords === undefined) return factors;
  return factors.filter(({ vouchedBy }) =>
    endPasswords.which === 'unmailed' ? vouchedBy === 'mail' : vouchedBy !== undefined,
  );
}

/**
 * True when this login may set up a first factor. Attack: a company's administrator signs in as one of their people, and
 * sets up a factor for an account that also has a password or another company's identity.
 */
function mayEnrol({ enablement }: Admitted, { hasOtherWaysIn }: FactorGround): boolean {
  return !(isEnterprise(enablement.connection.strategy) && hasOtherWaysIn);
}

/** The kinds that a person may set up in a login: those that count alone, and work without another service. */
function enrollableKinds({ accepts }: FactorNeed): readonly FactorKind[] {
  const kinds: FactorKind[] = [];
  if (accepts.includes('webauthn-platform')) kinds.push('passkey');
  if (accepts.includes('otp')) kinds.push('otp');
  if (accepts.includes('webauthn-roaming')) kinds.push('webauthn-roaming');
  return kinds;
}

/** Adds a passed factor to the kept state. A recovery code that was used or is still missing is replaced. */
function keep({ kept }: Context, factor: KeptFactor): { readonly kept: Kept } {
  return { kept: { ...kept, told: true, factor } };
}

/** Asks, or refuses where nobody can be asked (OpenID Connect Core section 3.1.2.6). */
function ask(question: FactorQuestion, { attempt, trace }: Context): FactorQuestion | Refusal {
  const silent = hasPrompt(attempt.request, 'none');
  trace.add('authenticate', 'second_factor', silent ? 'refuse' : 'ask', {
    reason: question.reason,
    asks: question.ask,
    kinds: question.kinds,
  });
  return silent ? refuse('authenticate.factor_required', `asked for by: ${question.reason}`) : question;
}

/**
 * Continues a login that waits until the person has written down their recovery code. Undefined when it does not wait.
 */
function findSeen({ admitted, need }: Challenge, context: Context): Challenged | undefined {
  const { attempt, kept } = context;
  const { factor } = kept;
  if (factor?.recoveryCode === undefined || factor.isCodeSeen) return undefined;
  if (factor.userId !== userIdOf(admitted, kept) || factor.revision !== factorsRevisionOf(admitted)) return undefined;
  if (attempt.factorAnswer?.given.by === 'seen') return keep(context, { ...factor, isCodeSeen: true });
  const { userId } = factor;
  return ask(
    { kind: 'factor', ask: 'recovery_code', userId, reason: need.reason, kinds: [], canRemember: false },
    context,
  );
}

/**
 * Asks the person for a factor, or checks the one that they gave. Returns the login's new state, the question, or a
 * refusal. Throws if a try cannot be counted, so that nobody gets unlimited tries.
 */
export async function challenge(what: Challenge, context: Context, deps: ChallengeDeps): Promise<Challenged> {
  const { admitted, need } = what;
  const { attempt, kept, trace } = context;
  const waiting = findSeen(what, context);
  if (waiting) return waiting;
  const userId = userIdOf(admitted, kept);
  const revision = factorsRevisionOf(admitted);
  const connectionId = admitted.enablement.connection.id;
  const isNew = admitted.account.kind === 'new';
  const ground = isNew ? NOBODY : await deps.reads.findFactors({ userId, connectionId });
  const own = ownFactors(admitted, attempt, ground);
  const usable = own.filter(({ kind }) => need.accepts.includes(settingOf(kind)));
  const rules = admitted.tenant.factors;
  const passed = { userId, revision, at: attempt.at.getTime() };
  trace.about({ userId: isNew ? undefined : userId });
  if (own.length === 0 && need.reason === 'binding') {
    trace.add('authenticate', 'second_factor', 'pass', { reason: need.reason, factors: 'of_nobody_known' });
    return keep(context, passed);
  }
  const canRemember = !need.isFresh;
  const question = { kind: 'factor', userId, reason: need.reason, canRemember } as const;
  const { factorAnswer: answer } = attempt;
  if (usable.length > 0) {
    if (answer === undefined || answer.given.by === 'seen')
      return ask({ ...question, ask: 'challenge', kinds: [...new Set(usable.map(({ kind }) => kind))] }, context);
    return settle(
      await checkFactor({ answer, usable, rules, userId, canRemember }, context, deps),
      passed,
      context,
      deps,
    );
  }
  const kinds = enrollableKinds(need);
  if (own.length > 0 || kinds.length === 0 || !mayEnrol(admitted, ground)) {
    trace.add('authenticate', 'second_factor', 'refuse', {
      reason: need.reason,
      has: own.map(({ kind }) => kind),
      accepts: need.accepts,
      other_ways_in: ground.hasOtherWaysIn,
    });
    return refuse('authenticate.no_accepted_factor', `asked for by: ${need.reason}`);
  }
  if (answer === undefined || answer.given.by === 'seen') return ask({ ...question, ask: 'enrol', kinds }, context);
  const givesCode = need.accepts.includes('recovery-code');
  return settle(await enrolFactor({ answer, kinds, rules, userId, givesCode }, context, deps), passed, context, deps);
}

/** Turns the result of a check into the next state. A factor that replaces the recovery code first shows the new one. */
function settle(
  result: Passed | FactorAgain | Refusal,
  passed: Pick<KeptFactor, 'userId' | 'revision' | 'at'>,
  context: Context,
  deps: ChallengeDeps,
): Challenged {
  if ('kind' in result && (result.kind === 'refused' || result.kind === 'factor_again')) return result;
  const { showsCode, ...factor } = result as Passed;
  const code = showsCode ? { recoveryCode: newRecoveryCode(deps.entropy) } : {};
  return keep(context, { ...passed, ...factor, ...code });
}
