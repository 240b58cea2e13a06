/**
 * Asks for a second factor and checks the answer: outside any transaction, before the commit. Reads the account's
 * factors, counts tries, and adds the result to the login's kept state; the commit claims the answer and writes what the
 * person set up. A wrong answer, a fault or a missing factor never passes (fail closed).
 */

import type { FactorCommand } from '../domain/actions/action.js';
import { hasPrompt } from '../domain/authorization-request.js';
import type { Factor, FactorKind } from '../domain/factors/factor.js';
import { settingOf } from '../domain/factors/factor.js';
import { newRecoveryCode } from '../domain/factors/new-factor.js';
import { isEnterprise } from '../domain/tenant.js';
import type { FactorGround } from '../ports/login-store.js';
import { obey, withoutCommand } from './action-factors.js';
import { type ChallengeDeps, checkFactor, enrolFactor, type Passed } from './check-factor.js';
import type { FactorAgain, FactorAnswer, FactorNeed, FactorQuestion, KeptFactor } from './factor-stages.js';
import { userIdOf } from './kept.js';
import { ownFactors } from './own-factors.js';
import { isRefusal, type Refusal, refuse } from './refusals.js';
import { factorsOfAccount, factorsRevisionOf } from './second-factor.js';
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
  const { factor: last, earlierFactors = [] } = kept;
  const earlier = last?.kind !== undefined && last.id !== factor.id ? [...earlierFactors, last] : earlierFactors;
  return { kept: { ...kept, told: true, factor, ...(earlier.length > 0 && { earlierFactors: earlier }) } };
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

/** Returns the question that an answer belongs to. */
function asksFor({ given: { by } }: FactorAnswer): FactorQuestion['ask'] {
  if (by === 'seen') return 'recovery_code';
  return by === 'new-otp' || by === 'new-webauthn' ? 'enrol' : 'challenge';
}

/** Fulfils the command of an Action: asks for one of its factors, or checks the answer. Then the next Action runs. */
async function challengeByCommand(
  command: FactorCommand,
  { what, ground, own }: { readonly what: Challenge; readonly ground: FactorGround; readonly own: readonly Factor[] },
  context: Context,
  deps: ChallengeDeps,
): Promise<Challenged> {
  const { admitted, need } = what;
  const { attempt, kept, trace } = context;
  const passed = factorsOfAccount(admitted, kept).filter(({ kind }) => kind !== undefined);
  const todo = obey(command, { own, passed, accepts: need.accepts });
  trace.add('act', 'factor_command', isRefusal(todo) ? 'refuse' : todo.ask === 'nothing' ? 'pass' : 'ask', {
    does: command.does,
    types: command.types,
    has: own.map(({ kind }) => kind),
  });
  if (isRefusal(todo)) return todo;
  if (todo.ask === 'nothing') return { kept: withoutCommand(kept) };
  const userId = userIdOf(admitted, kept);
  const rules = admitted.tenant.factors;
  const base = { userId, revision: factorsRevisionOf(admitted), at: attempt.at.getTime() };
  const { factorAnswer: answer } = attempt;
  const kinds = todo.ask === 'enrol' ? todo.kinds : [...new Set(todo.usable.map(({ kind }) => kind))];
  if (todo.ask === 'enrol' && passed.length === 0 && !mayEnrol(admitted, ground))
    return refuse('authenticate.no_accepted_factor', `asked for by: ${need.reason}`);
  // The account's factors may have changed since the question: then the person gets the one that fits now.
  if (answer === undefined || asksFor(answer) !== todo.ask) {
    const [preferred] = kinds;
    return ask(
      { kind: 'factor', userId, reason: 'action', ask: todo.ask, kinds, preferred, canRemember: false },
      context,
    );
  }
  const ignoredFactors = [...(kept.ignoredFactors ?? []), ...todo.ignored];
  const obeyed = { ...context, kept: withoutCommand({ ...kept, ignoredFactors }) };
  if (todo.ask === 'challenge') {
    const { usable } = todo;
    const result = await checkFactor({ answer, usable, rules, userId, canRemember: false }, context, deps);
    return settle(result, base, obeyed, deps);
  }
  const hasCode = [...own, ...passed].some((factor) => factor.kind === 'recovery-code' || 'recoveryCode' in factor);
  const givesCode = need.accepts.includes('recovery-code') && !hasCode;
  return settle(await enrolFactor({ answer, kinds, rules, userId, givesCode }, context, deps), base, obeyed, deps);
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
  const own = ownFactors(admitted, attempt, ground.factors);
  trace.about({ userId: isNew ? undefined : userId });
  if (need.command) return challengeByCommand(need.command, { what, ground, own }, context, deps);
  const usable = own.filter(({ kind }) => need.accepts.includes(settingOf(kind)));
  const rules = admitted.tenant.factors;
  const passed = { userId, revision, at: attempt.at.getTime() };
  if (own.length === 0 && need.onlyEnrolled) {
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
