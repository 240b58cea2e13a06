/**
 * Checks the answer to a question for a second factor: a code, a recovery code, an authenticator. Five tries for one
 * question, and limits for the account from each network and from everywhere. Never tells which part was wrong.
 */
import type { Factor, FactorKind, TenantFactors } from '../domain/factors/factor.js';
import { hashRecoveryCode, newFactorId } from '../domain/factors/new-factor.js';
import { type Entropy, secretsEqual } from '../kernel/ids.js';
import type { AttemptCounters } from '../ports/attempts.js';
import type { FactorChecks } from '../ports/factor-checks.js';
import type { LoginReads } from '../ports/login-store.js';
import { type Counted, countAttempt, evidenceOfLimit, forgiveAttempts } from './attempt-limits.js';
import type { FactorAgain, FactorAnswer, KeptFactor } from './factor-stages.js';
import { findNearest, type PassedLimit } from './limits-ahead.js';
import { fitsSent } from './mail-factor.js';
import { lastsFor, type Refusal, refuse } from './refusals.js';
import type { Attempt } from './stages.js';
import type { Trace } from './trace.js';

export interface ChallengeDeps {
  readonly reads: Pick<LoginReads, 'findFactors'>;
  readonly attempts: AttemptCounters;
  readonly factorChecks: FactorChecks;
  readonly entropy: Entropy;
}

/** Attack: guessing a code of six digits, three of which fit at any time. */
const TRIES_PER_QUESTION = 5;

/** A factor that was passed or set up. `showsCode`: the person gets a new recovery code. */
export interface Passed
  extends Pick<KeptFactor, 'id' | 'step' | 'signCount' | 'backedUp' | 'usedCodeHash' | 'mailed' | 'enrolled'> {
  readonly kind: FactorKind;
  readonly remembers?: true;
  readonly showsCode?: boolean;
}

interface Context {
  readonly attempt: Attempt;
  readonly trace: Trace;
}

/** The factors that may be answered with, and the tenant's rules. */
interface Known {
  readonly usable: readonly Factor[];
  readonly rules: TenantFactors;
}

type Result = Passed | FactorAgain | Refusal;
type Tried = Extract<Counted, { allowed: true }>;

/** Counts a try before anything is compared. Returns a refusal when a limit is reached. */
async function countTry(
  { answer, userId }: { answer: FactorAnswer; userId: string },
  { attempt, trace }: Context,
  deps: ChallengeDeps,
): Promise<Tried | Refusal> {
  const { ip, device, at } = attempt;
  const once = { key: `factor:${answer.questionId}`, limit: TRIES_PER_QUESTION };
  const counted = await countAttempt(deps.attempts, 'factor', { email: userId, ip, userId, device, once }, at);
  if (counted.allowed) return counted;
  const evidence = evidenceOfLimit(counted.passed);
  trace.add('authenticate', 'second_factor', 'refuse', evidence);
  return refuseAtLimit(counted.passed, JSON.stringify(evidence));
}

/** Creates the refusal at a limit: of this question, after which another sign-in helps, or of the account. */
function refuseAtLimit(passed: PassedLimit, detail: string): Refusal {
  return passed.limit === 'for_this_one'
    ? refuse('authenticate.factor_failed', detail)
    : { ...refuse('authenticate.too_many_attempts', detail), ...lastsFor(passed) };
}

/**
 * Returns the answer to a wrong try: the same question again, or the refusal after the last one. The tries left are those
 * of the nearest limit, which may be the account's.
 */
function again({ ahead }: Tried, by: string, detail: string, { trace }: Context): FactorAgain | Refusal {
  const nearest = findNearest(ahead);
  const { left: triesLeft } = nearest;
  const last = triesLeft === 0;
  const evidence = { by, detail, tries_left: triesLeft, ...(last && evidenceOfLimit(nearest)) };
  trace.add('authenticate', 'second_factor', last ? 'refuse' : 'ask', evidence);
  return last ? refuseAtLimit(nearest, detail) : { kind: 'factor_again', triesLeft };
}

/**
 * True when an authenticator must verify the person: always for a passkey, which may replace the password too, and as
 * the tenant says for a security key.
 */
const mustVerify = (kind: FactorKind, { keyVerification }: TenantFactors): boolean =>
  kind !== 'webauthn-roaming' || keyVerification === 'required';

async function checkKey(
  given: Extract<FactorAnswer['given'], { readonly by: 'webauthn' }>,
  { usable, rules }: Known,
  deps: ChallengeDeps,
): Promise<Passed | string> {
  const { response, challenge } = given;
  const named = deps.factorChecks.credentialIdOf(response);
  // Attack: a credential of another person. Only those of this account are looked through.
  const factor = usable.find(({ credential }) => credential !== undefined && credential.id === named);
  if (factor?.credential === undefined) return 'the credential is not one of this account';
  const answer = { response, challenge, mustVerify: mustVerify(factor.kind, rules) };
  const verdict = await deps.factorChecks.assert(answer, factor.credential, { isDiscovered: false });
  if (!verdict.ok) return verdict.detail;
  const { signCount, backedUp } = verdict;
  return { kind: factor.kind, id: factor.id, signCount, backedUp };
}

function checkCode(typed: string, factor: Factor, at: Date, deps: ChallengeDeps): Passed | string {
  if (factor.secret === undefined) return 'the factor has no secret';
  const step = deps.factorChecks.findStep(factor.secret, typed, at, factor.lastStep);
  return step === undefined
    ? deps.factorChecks.tellMiss(factor.secret, typed, at)
    : { kind: factor.kind, id: factor.id, step };
}

function checkRecovery(typed: string, factor: Factor): Passed | string {
  const hash = hashRecoveryCode(typed);
  if (factor.codeHash === undefined || !secretsEqual(hash.toString('hex'), factor.codeHash.toString('hex')))
    return 'the recovery code does not fit';
  return { kind: factor.kind, id: factor.id, usedCodeHash: hash.toString('base64url'), showsCode: true };
}

function checkMailed(
  { typed, sent }: Extract<FactorAnswer['given'], { readonly by: 'email' }>,
  usable: readonly Factor[],
  at: Date,
): Passed | string {
  if (sent === undefined) return 'no code was mailed';
  const { codeId, id, address } = sent;
  // Attack: the address was removed, or this login has used its mailbox, after the code was mailed.
  if (!usable.some((factor) => factor.kind === 'email' && factor.id === id && factor.address === address))
    return 'the address does not count in this login';
  if (!fitsSent(sent, typed, at)) return 'the code does not fit, or is too old';
  return { kind: 'email', id, mailed: { code: codeId, address } };
}

function compare({ given }: FactorAnswer, known: Known, at: Date, deps: ChallengeDeps) {
  const { usable } = known;
  const ofKind = (kind: FactorKind) => usable.find((factor) => factor.kind === kind);
  if (given.by === 'webauthn') return checkKey(given, known, deps);
  if (given.by === 'email') return checkMailed(given, usable, at);
  const factor = given.by === 'otp' || given.by === 'recovery-code' ? ofKind(given.by) : undefined;
  if (factor === undefined || !('typed' in given)) return 'the account has no such factor';
  return given.by === 'otp' ? checkCode(given.typed, factor, at, deps) : checkRecovery(given.typed, factor);
}

/** Checks an answer by a factor that the account has. */
export async function checkFactor(
  asked: Known & { readonly answer: FactorAnswer; readonly userId: string; readonly canRemember: boolean },
  context: Context,
  deps: ChallengeDeps,
): Promise<Result> {
  const { answer, canRemember } = asked;
  const counted = await countTry(asked, context, deps);
  if ('kind' in counted) return counted;
  const passed = await compare(answer, asked, context.attempt.at, deps);
  if (typeof passed === 'string') return again(counted, answer.given.by, passed, context);
  await forgiveAttempts(deps.attempts, counted);
  context.trace.add('authenticate', 'second_factor', 'pass', { by: passed.kind, factor: passed.id });
  return canRemember && answer.remembers ? { ...passed, remembers: true } : passed;
}

async function compareNew(
  { given }: FactorAnswer,
  { kinds, rules }: { readonly kinds: readonly FactorKind[]; readonly rules: TenantFactors },
  at: Date,
  deps: ChallengeDeps,
): Promise<Pick<Passed, 'kind' | 'enrolled'> | string> {
  if (given.by === 'new-otp' && kinds.includes('otp')) {
    const lastStep = deps.factorChecks.findStep(given.secret, given.typed, at, undefined);
    if (lastStep === undefined) return `new app: ${deps.factorChecks.tellMiss(given.secret, given.typed, at)}`;
    return { kind: 'otp', enrolled: { secret: given.secret, lastStep } };
  }
  if (given.by !== 'new-webauthn' || !kinds.includes(given.kind)) return 'this kind of factor is not asked for';
  const { kind, response, challenge, userHandle } = given;
  const answer = { response, challenge, mustVerify: mustVerify(kind, rules) };
  const verdict = await deps.factorChecks.register(answer, { userHandle });
  if (!verdict.ok) return verdict.detail;
  const publicKey = Buffer.from(verdict.credential.publicKey).toString('base64url');
  return { kind, enrolled: { credential: { ...verdict.credential, publicKey } } };
}

/** Checks an answer that sets up the account's first factor. The confirming code counts as used. */
export async function enrolFactor(
  asked: {
    readonly answer: FactorAnswer;
    readonly kinds: readonly FactorKind[];
    readonly rules: TenantFactors;
    readonly userId: string;
    readonly givesCode: boolean;
  },
  context: Context,
  deps: ChallengeDeps,
): Promise<Result> {
  const { answer, givesCode } = asked;
  const counted = await countTry(asked, context, deps);
  if ('kind' in counted) return counted;
  const made = await compareNew(answer, asked, context.attempt.at, deps);
  if (typeof made === 'string') return again(counted, answer.given.by, made, context);
  await forgiveAttempts(deps.attempts, counted);
  const id = newFactorId(deps.entropy, made.kind);
  context.trace.add('authenticate', 'second_factor', 'pass', { enrols: made.kind, factor: id });
  return { ...made, id, ...(givesCode && { showsCode: true }) };
}
