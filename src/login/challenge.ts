/**
 * Asks for a second factor and checks the answer: outside any transaction, before the commit. Reads the account's
 * factors, counts tries, and adds the result to the login's kept state; the commit claims the answer and writes what the
 * person set up. A wrong answer, a fault or a missing factor never passes (fail closed).
 */

import type { FactorCommand } from '../domain/actions/action.js';
import { hasPrompt } from '../domain/authorization-request.js';
import { isCompanyOfMany } from '../domain/factors/company-session.js';
import type { Factor, FactorKind } from '../domain/factors/factor.js';
import { settingOf } from '../domain/factors/factor.js';
import { newRecoveryCode } from '../domain/factors/new-factor.js';
import type { FactorGround, LoginReads } from '../ports/login-store.js';
import { obey, withoutCommand } from './action-factors.js';
import { type ChallengeDeps, checkFactor, enrolFactor, type Passed } from './check-factor.js';
import type { FactorAgain, FactorNeed, FactorQuestion, KeptFactor } from './factor-stages.js';
import { userIdOf } from './kept.js';
import { mailFactors } from './mail-factor.js';
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

const NOBODY: FactorGround = {
  ...{ revision: 0, factors: [], hasOtherWaysIn: false },
  ...{ mail: [], isPasswordFromMail: false },
};

/** True when this login may set up a first factor. */
const mayEnrol = ({ enablement }: Admitted, { hasOtherWaysIn }: FactorGround): boolean =>
  !isCompanyOfMany(enablement.connection.strategy, hasOtherWaysIn);

/** The kinds that a person may set up in a login: those that count alone, and work without another service. */
function enrollableKinds({ accepts }: FactorNeed): readonly FactorKind[] {
  const kinds: FactorKind[] = [];
  if (accepts.includes('webauthn-platform')) kinds.push('passkey');
  if (accepts.includes('otp')) kinds.push('otp');
  if (accepts.includes('webauthn-roaming')) kinds.push('webauthn-roaming');
  return kinds;
}

/**
 * Returns the question that the answer belongs to. While the person answers, the account's factors may change: somebody
 * sets one up elsewhere, or an operator resets them. They then get the question that fits now.
 */
function answeredQuestion({ factorAnswer }: Attempt): FactorQuestion['ask'] | undefined {
  const by = factorAnswer?.given.by;
  if (by === undefined || by === 'seen') return by && 'recovery_code';
  if (by === 'offer') return 'offer';
  return by === 'new-otp' || by === 'new-webauthn' ? 'enrol' : 'challenge';
}

/** The parts of a challenge that name the kinds to answer with, and the addresses that a code may go to. */
function askedOf(usable: readonly Factor[]): Pick<FactorQuestion, 'kinds' | 'mail'> {
  const mail = usable.flatMap(({ kind, id, address }) =>
    kind === 'email' && address !== undefined ? [{ id, address }] : [],
  );
  return { kinds: [...new Set(usable.map(({ kind }) => kind))], ...(mail.length > 0 && { mail }) };
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
  const factor = factorsOfAccount(admitted, kept).at(-1);
  if (factor?.recoveryCode === undefined || factor.isCodeSeen) return undefined;
  if (attempt.factorAnswer?.given.by === 'seen') return keep(context, { ...factor, isCodeSeen: true });
  const { userId } = factor;
  return ask(
    { kind: 'factor', ask: 'recovery_code', userId, reason: need.reason, kinds: [], canRemember: false },
    context,
  );
}

/** True if a new factor comes with a recovery code: the account has none, and none was made in this login. */
function mayGiveCode({ admitted, need }: Challenge, { attempt, kept }: Context, ground: FactorGround): boolean {
  const all = [...ownFactors(admitted, attempt, ground.factors), ...factorsOfAccount(admitted, kept)];
  return (
    need.accepts.includes('recovery-code') &&
    !all.some((factor) => factor.kind === 'recovery-code' || 'recoveryCode' in factor)
  );
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
  const asked = todo.ask === 'enrol' ? { kinds: todo.kinds } : askedOf(todo.usable);
  const { kinds } = asked;
  if (todo.ask === 'enrol' && passed.length === 0 && !mayEnrol(admitted, ground))
    return refuse('authenticate.no_accepted_factor', `asked for by: ${need.reason}`);
  // The account's factors may have changed since the question: then the person gets the one that fits now.
  if (answer === undefined || answeredQuestion(attempt) !== todo.ask) {
    const [preferred] = kinds;
    return ask(
      { kind: 'factor', userId, reason: 'action', ask: todo.ask, ...asked, preferred, canRemember: false },
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
  const givesCode = mayGiveCode(what, context, ground);
  return settle(await enrolFactor({ answer, kinds, rules, userId, givesCode }, context, deps), base, obeyed, deps);
}

/**
 * The answer to "how does this login get its factor?". `pass`: the account has none that the rule protects. `missing`:
 * the account has none that is accepted, and this login may set up none.
 */
export type FactorWay =
  | { readonly ask: 'challenge'; readonly usable: readonly Factor[] }
  | { readonly ask: 'enrol'; readonly kinds: readonly FactorKind[] }
  | { readonly ask: 'pass' }
  | { readonly ask: 'missing'; readonly evidence: Readonly<Record<string, unknown>> };

/** Decides how a login gets the factor that it needs. Pure; `ground` is of the login's account. */
export function findFactorWay(
  { admitted, need }: Challenge,
  attempt: Attempt,
  ground: FactorGround,
  passed: readonly KeptFactor[] = [],
): FactorWay {
  const own = ownFactors(admitted, attempt, ground.factors);
  // A recovery code replaces a factor that was lost. Alone it protects nothing, and would become the usual factor.
  const real = own.filter(({ kind }) => kind !== 'recovery-code');
  if (real.length === 0 && need.onlyEnrolled) return { ask: 'pass' };
  const usable = own.filter(({ kind }) => need.accepts.includes(settingOf(kind)));
  if (usable.some(({ kind }) => kind !== 'recovery-code')) {
    const mail = mailFactors({ admitted, need }, attempt, ground, usable);
    return { ask: 'challenge', usable: [...usable, ...mail] };
  }
  const kinds = enrollableKinds(need);
  // Signed in with a passkey that is not accepted as a factor: the person proved more than a password, and may set one up.
  const isByPasskey = passed.some(({ kind }) => kind === 'passkey') && real.every(({ kind }) => kind === 'passkey');
  const isFree = real.length === 0 || isByPasskey;
  if (isFree && kinds.length > 0 && mayEnrol(admitted, ground)) return { ask: 'enrol', kinds };
  const has = own.map(({ kind }) => kind);
  return { ask: 'missing', evidence: { has, accepts: need.accepts, other_ways_in: ground.hasOtherWaysIn } };
}

/** Reads the factors of the login's account. */
export function readFactors(
  admitted: Admitted,
  kept: Pick<Kept, 'newUserId'>,
  reads: Pick<LoginReads, 'findFactors'>,
): Promise<FactorGround> {
  if (admitted.account.kind === 'new') return Promise.resolve(NOBODY);
  const connectionId = admitted.enablement.connection.id;
  return reads.findFactors({ userId: userIdOf(admitted, kept), connectionId });
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
  const rules = admitted.tenant.factors;
  const passed = { userId, revision: factorsRevisionOf(admitted), at: attempt.at.getTime() };
  trace.about({ userId: admitted.account.kind === 'new' ? undefined : userId });
  const ground = await readFactors(admitted, kept, deps.reads);
  if (need.command) {
    const real = ownFactors(admitted, attempt, ground.factors);
    const usable = real.filter(({ kind }) => need.accepts.includes(settingOf(kind)));
    const own = [...real, ...mailFactors(what, attempt, ground, usable)];
    return challengeByCommand(need.command, { what, ground, own }, context, deps);
  }
  const way = findFactorWay(what, attempt, ground, factorsOfAccount(admitted, kept));
  const { reason } = need;
  if (way.ask === 'pass') {
    trace.add('authenticate', 'second_factor', 'pass', { reason, factors: 'of_nobody_known' });
    return keep(context, passed);
  }
  if (way.ask === 'missing') {
    trace.add('authenticate', 'second_factor', 'refuse', { reason, ...way.evidence });
    return refuse('authenticate.no_accepted_factor', `asked for by: ${reason}`);
  }
  const canRemember = !need.isFresh;
  const { factorAnswer: answer } = attempt;
  if (answer === undefined || answeredQuestion(attempt) !== way.ask) {
    const asked = way.ask === 'enrol' ? { kinds: way.kinds } : askedOf(way.usable);
    return ask({ kind: 'factor', ask: way.ask, userId, reason, ...asked, canRemember }, context);
  }
  const checked =
    way.ask === 'enrol'
      ? enrolFactor(
          { answer, kinds: way.kinds, rules, userId, givesCode: mayGiveCode(what, context, ground) },
          context,
          deps,
        )
      : checkFactor({ answer, usable: way.usable, rules, userId, canRemember }, context, deps);
  return settle(await checked, passed, context, deps);
}

/** Turns the result of a check into the next state. A factor that replaces the recovery code first shows the new one. */
function settle(
  result: Passed | FactorAgain | Refusal,
  passed: Pick<KeptFactor, 'userId' | 'revision' | 'at' | 'earlier'>,
  context: Context,
  deps: ChallengeDeps,
): Challenged {
  if ('kind' in result && (result.kind === 'refused' || result.kind === 'factor_again')) return result;
  const { showsCode, ...factor } = result as Passed;
  const code = showsCode ? { recoveryCode: newRecoveryCode(deps.entropy) } : {};
  return keep(context, { ...passed, ...factor, ...code });
}
