/**
 * Plans the writes about second factors: the claim of the person's answer, what they set up, and the mail to the owner.
 * Pure; draws ids.
 */
import { hashRecoveryCode, newFactorId } from '../domain/factors/new-factor.js';
import { mailBrandOf } from '../domain/look/brand.js';
import { toMailFacts } from '../domain/mail/mail-facts.js';
import { type Entropy, newSecret } from '../kernel/ids.js';
import type { FactorUse, FactorWrites, NewFactor } from '../ports/factor-writes.js';
import type { CommitPlan } from '../ports/login-store.js';
import type { OutgoingMail } from '../ports/mailer.js';
import type { KeptCredential, KeptFactor } from './factor-stages.js';
import type { Admitted, Agreed, Attempt, Kept } from './stages.js';

type Answered = Partial<
  Pick<KeptFactor, 'id' | 'kind' | 'step' | 'signCount' | 'backedUp' | 'usedCodeHash' | 'recoveryCode'>
>;

function useOf({ id, kind, step, signCount, backedUp, usedCodeHash, recoveryCode }: Answered): FactorUse | undefined {
  if (id === undefined || kind === undefined) return undefined;
  return {
    id,
    kind,
    ...(step !== undefined && { step }),
    ...(signCount !== undefined && { signCount }),
    ...(backedUp !== undefined && { backedUp }),
    ...(usedCodeHash !== undefined && { codeHash: Buffer.from(usedCodeHash, 'base64url') }),
    ...(recoveryCode !== undefined && { nextCodeHash: hashRecoveryCode(recoveryCode) }),
  };
}

function toCredential({ publicKey, ...rest }: KeptCredential): NonNullable<NewFactor['credential']> {
  return { ...rest, publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')) };
}

function newOnes({ id, kind, enrolled, recoveryCode }: KeptFactor, entropy: Entropy): readonly NewFactor[] {
  if (enrolled === undefined || id === undefined || kind === undefined) return [];
  const { credential, ...rest } = enrolled;
  const first: NewFactor = {
    id,
    kind,
    ...rest,
    ...(credential && { credential: toCredential(credential) }),
  };
  if (recoveryCode === undefined) return [first];
  const codeId = newFactorId(entropy, 'recovery-code');
  return [first, { id: codeId, kind: 'recovery-code', codeHash: hashRecoveryCode(recoveryCode) }];
}

/** Returns the claim of a factor that a commit before the Actions makes; undefined without one. */
export function planClaim(factor: KeptFactor | undefined): FactorWrites | undefined {
  if (factor === undefined || factor.isClaimed) return undefined;
  const answered = factor.enrolled === undefined ? factor : factor.earlier;
  const used = answered && useOf(answered);
  return used && { used };
}

/**
 * True when a plan changes the factors of an existing account: it sets one up, replaces the recovery code, or deletes
 * what a stranger may have set up.
 */
export function raisesFactors({
  relyAccount,
  endPasswords,
  factors,
}: Pick<CommitPlan, 'relyAccount' | 'endPasswords' | 'factors'>): boolean {
  if (relyAccount === undefined) return false;
  const ends = endPasswords !== undefined && relyAccount.factorsRevision > 0;
  return ends || factors?.enrolled !== undefined || factors?.used?.codeHash !== undefined;
}

/**
 * Returns everything that the last commit writes about factors. `offered`: the passkey that the person made, which is no
 * passed factor. `isFederated`: the company's identity provider said that
 * the person passed a factor there, and the organization believes it.
 */
export function planFactors(
  factor: KeptFactor | undefined,
  {
    at,
    isFederated,
    offered,
    entropy,
  }: { readonly at: Date; readonly isFederated: boolean; readonly offered: Kept['offer']; readonly entropy: Entropy },
): FactorWrites | undefined {
  const made = offered?.enrolled;
  const passkeys = made ? [{ id: made.id, kind: 'passkey', credential: toCredential(made.credential) } as const] : [];
  const enrolled = [...(factor ? newOnes(factor, entropy) : []), ...passkeys];
  const passed: FactorWrites['passed'] =
    factor?.kind !== undefined
      ? { name: 'mfa', type: factor.kind, timestamp: new Date(factor.at) }
      : isFederated
        ? { name: 'mfa', type: 'federated', timestamp: at }
        : undefined;
  if (passed === undefined && enrolled.length === 0) return undefined;
  return { ...planClaim(factor), ...(enrolled.length > 0 && { enrolled }), ...(passed && { passed }) };
}

/**
 * Returns the mail to the account's owner about a factor that this login set up, or a recovery code that it used. Attack:
 * somebody who knows the password sets up a factor of their own, and the owner never hears of it.
 */
export function planFactorMail(
  { factor, offered }: Pick<Agreed, 'factor' | 'offered'>,
  { tenant, organization, client, account }: Admitted,
  { at, ip, language, request }: Attempt,
  { entropy, origin }: { readonly entropy: Entropy; readonly origin: string },
): readonly OutgoingMail[] {
  const to = account.kind === 'existing' ? account.candidate.account.email : undefined;
  const added = offered?.enrolled ? 'passkey' : factor?.enrolled ? factor.kind : undefined;
  if (to === undefined || (added === undefined && factor?.usedCodeHash === undefined)) return [];
  const place = { tenant, organization, client };
  const model = {
    brand: mailBrandOf(place, origin),
    ...(added ? { change: 'added', factor: added } : { change: 'recovery_code' }),
    at: at.toISOString(),
    ip,
    wish: { uiLocales: request.extra?.ui_locales, acceptLanguage: language },
    facts: toMailFacts(place),
  };
  return [{ id: newSecret(entropy), to, template: 'factor_changed', model }];
}
