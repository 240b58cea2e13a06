/**
 * Codes by mail as a second factor: which addresses count in a login, and whether an answer fits. Pure. A code by mail is
 * the weakest factor: it never counts alone, never for a change of factors, and never where this login used the same
 * mailbox already (docs/linking-rule.md, part 11).
 */
import { type Factor, isIndependent } from '../domain/factors/factor.js';
import { secretsEqual } from '../kernel/ids.js';
import type { FactorGround } from '../ports/login-store.js';
import type { FactorNeed, SentCode } from './factor-stages.js';
import { ownFactors } from './own-factors.js';
import { hashCode } from './own-proof.js';
import { mailboxesUsed } from './plan-mailbox.js';
import type { Admitted, Attempt } from './stages.js';

/** Minutes for which a mailed code is valid, as on Auth0. */
export const FACTOR_CODE_MINUTES = 5;

type MailGround = Pick<FactorGround, 'mail' | 'isPasswordFromMail'>;

/**
 * Returns the addresses that count beside the `usable` factors. Attack: mail is the only factor of an account, and then the
 * mailbox alone resets the password and passes the factor. So a factor that counts alone must be usable too, and so must
 * the password: see `isPasswordFromMail`.
 */
export function mailBeside(
  accepts: readonly string[],
  { mail, isPasswordFromMail }: MailGround,
  usable: readonly Factor[],
): readonly Factor[] {
  if (!accepts.includes('email') || !usable.some(({ kind }) => isIndependent(kind))) return [];
  if (isPasswordFromMail) return [];
  return mail;
}

/**
 * Returns the addresses that a login may mail a code to: those of {@link mailBeside} whose mailbox it has not used.
 * `usable`: the other factors that this login accepts.
 * - Attack: the mailbox has just proved the account in this login, by a code or by the link of a mail.
 */
export function mailFactors(
  { admitted, need }: { readonly admitted: Admitted; readonly need: Pick<FactorNeed, 'accepts'> },
  attempt: Pick<Attempt, 'request'>,
  ground: MailGround,
  usable: readonly Factor[],
): readonly Factor[] {
  const used = mailboxesUsed(admitted, attempt.request);
  const beside = mailBeside(need.accepts, ground, usable);
  return ownFactors(admitted, attempt, beside).filter(
    ({ address }) => address !== undefined && !used.includes(address),
  );
}

/** True when a typed code is the one that was mailed, and still valid. Compares in constant time. */
export function fitsSent({ codeId, codeHash, expiresAt }: SentCode, typed: string, at: Date): boolean {
  const isRight = secretsEqual(hashCode(codeId, typed.replace(/[\s-]/g, '')), codeHash);
  return isRight && expiresAt > at.getTime();
}
