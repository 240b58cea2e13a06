/**
 * Checks the answers of people to second factors at the token endpoint: codes of apps and recovery codes. Each try is
 * counted before anything is compared. An answer never tells whether the factor or the code was wrong.
 */
import type { Factor } from '../../../domain/factors/factor.js';
import { hashRecoveryCode, newFactorId, newRecoveryCode } from '../../../domain/factors/new-factor.js';
import { secretsEqual } from '../../../kernel/ids.js';
import { type Counted, countAttempt } from '../../../login/attempt-limits.js';
import type { FactorClaim, PendingFactor } from '../../../ports/factor-store.js';
import type { OAuthDependencies } from '../dependencies.js';
import { invalidGrant, type OAuthRefusal, tooManyAnswers } from '../refusals.js';
import { PENDING_MS } from './ground.js';

/** The grants of Auth0 by which an answer is exchanged. */
export const FACTOR_GRANTS = {
  otp: 'http://auth0.com/oauth/grant-type/mfa-otp',
  oob: 'http://auth0.com/oauth/grant-type/mfa-oob',
  'recovery-code': 'http://auth0.com/oauth/grant-type/mfa-recovery-code',
} as const;

/** Attack: guessing a code of six digits, three of which fit at any time. The login's page allows as many. */
const TRIES_PER_TOKEN = 5;

/** Auth0's words, which its SDKs compare. */
const WRONG = {
  otp: 'Invalid otp_code.',
  oob: 'Invalid binding_code.',
  'recovery-code': 'MFA Authorization rejected.',
} as const;

export type AnswerKind = keyof typeof WRONG;

/** Returns the refusal of a wrong answer. `detail` is for the log. */
export function wrongAnswer(kind: AnswerKind, detail: string): OAuthRefusal {
  return invalidGrant(WRONG[kind], { check: 'factor.wrong_answer', facts: { by: kind, reason: detail } });
}

type Tried = Extract<Counted, { allowed: true }>;

/** Counts a try. `id`: that of the token with which it came. Throws {@link Fault} when it cannot be counted. */
export async function countTry(
  { attempts, clock }: Pick<OAuthDependencies, 'attempts' | 'clock'>,
  { id, userId, ip }: { readonly id: string; readonly userId: string; readonly ip: string },
): Promise<Tried | OAuthRefusal> {
  const once = { key: `factor-token:${id}`, limit: TRIES_PER_TOKEN };
  const at = clock.now();
  const counted = await countAttempt(attempts, 'factor', { email: userId, ip, userId, once }, at);
  return counted.allowed ? counted : tooManyAnswers(counted.passed, at);
}

/** A right answer. `shown`: the recovery code that replaces the one that was used. */
export interface RightAnswer {
  readonly kind: AnswerKind;
  readonly factorId: string;
  readonly answer: FactorClaim['answer'];
  readonly shown?: string;
}

/** Checks a code against an app that is being set up. */
export function checkPending(
  { factorChecks, entropy }: Pick<OAuthDependencies, 'factorChecks' | 'entropy'>,
  typed: string,
  { id, secret }: PendingFactor,
  at: Date,
): RightAnswer | OAuthRefusal {
  const step = factorChecks.findStep(secret, typed, at, undefined);
  if (step === undefined) return wrongAnswer('otp', `new app: ${factorChecks.tellMiss(secret, typed, at)}`);
  const madeAfter = new Date(at.getTime() - PENDING_MS);
  const recoveryId = newFactorId(entropy, 'recovery-code');
  return { kind: 'otp', factorId: id, answer: { confirmed: { id, step, recoveryId, madeAfter } } };
}

/** Checks an answer by a factor that the account has. */
export function checkAnswer(
  { factorChecks, entropy }: Pick<OAuthDependencies, 'factorChecks' | 'entropy'>,
  kind: Exclude<AnswerKind, 'oob'>,
  typed: string,
  factor: Factor | undefined,
  at: Date,
): RightAnswer | OAuthRefusal {
  if (kind === 'otp') {
    if (factor?.secret === undefined) return wrongAnswer(kind, 'the account has no such factor');
    const step = factorChecks.findStep(factor.secret, typed, at, factor.lastStep);
    if (step === undefined) return wrongAnswer(kind, factorChecks.tellMiss(factor.secret, typed, at));
    return { kind, factorId: factor.id, answer: { used: { id: factor.id, kind, step } } };
  }
  const codeHash = hashRecoveryCode(typed);
  if (factor?.codeHash === undefined || !secretsEqual(codeHash.toString('hex'), factor.codeHash.toString('hex')))
    return wrongAnswer(kind, 'the recovery code does not fit');
  const shown = newRecoveryCode(entropy);
  const used = { id: factor.id, kind, codeHash, nextCodeHash: hashRecoveryCode(shown) };
  return { kind, factorId: factor.id, answer: { used }, shown };
}
