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
import type { KeptFactor, RememberedBrowser } from './factor-stages.js';
import type { Admitted, Attempt } from './stages.js';

function useOf({ id, kind, step, signCount, backedUp, usedCodeHash, recoveryCode }: KeptFactor): FactorUse | undefined {
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

function newOnes({ id, kind, enrolled, recoveryCode }: KeptFactor, entropy: Entropy): readonly NewFactor[] {
  if (enrolled === undefined || id === undefined || kind === undefined) return [];
  const { credential, ...rest } = enrolled;
  const publicKey = credential && new Uint8Array(Buffer.from(credential.publicKey, 'base64url'));
  const first: NewFactor = {
    id,
    kind,
    ...rest,
    ...(credential && publicKey && { credential: { ...credential, publicKey } }),
  };
  if (recoveryCode === undefined) return [first];
  const codeId = newFactorId(entropy, 'recovery-code');
  return [first, { id: codeId, kind: 'recovery-code', codeHash: hashRecoveryCode(recoveryCode) }];
}

/** Returns the claim of a factor that a commit before the Actions makes; undefined without one. */
export function planClaim(factor: KeptFactor | undefined): FactorWrites | undefined {
  if (factor === undefined || factor.enrolled !== undefined || factor.isClaimed) return undefined;
  const used = useOf(factor);
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
 * Returns everything that the last commit writes about factors. `isFederated`: the company's identity provider said that
 * the person passed a factor there, and the organization believes it.
 */
export function planFactors(
  factor: KeptFactor | undefined,
  { at, isFederated, entropy }: { readonly at: Date; readonly isFederated: boolean; readonly entropy: Entropy },
): FactorWrites | undefined {
  if (factor?.kind === undefined)
    return isFederated ? { passed: { name: 'mfa', type: 'federated', timestamp: at } } : undefined;
  const enrolled = newOnes(factor, entropy);
  return {
    ...planClaim(factor),
    ...(enrolled.length > 0 && { enrolled }),
    passed: { name: 'mfa', type: factor.kind, timestamp: new Date(factor.at) },
  };
}

/**
 * Returns the mail to the account's owner about a factor that this login set up, or a recovery code that it used. Attack:
 * somebody who knows the password sets up a factor of their own, and the owner never hears of it.
 */
export function planFactorMail(
  factor: KeptFactor | undefined,
  { tenant, organization, client, account }: Admitted,
  { at, ip, language, request }: Attempt,
  { entropy, origin }: { readonly entropy: Entropy; readonly origin: string },
): readonly OutgoingMail[] {
  const to = account.kind === 'existing' ? account.candidate.account.email : undefined;
  const changed = factor?.enrolled !== undefined || factor?.usedCodeHash !== undefined;
  if (to === undefined || factor?.kind === undefined || !changed) return [];
  const place = { tenant, organization, client };
  const model = {
    brand: mailBrandOf(place, origin),
    ...(factor.enrolled ? { change: 'added', factor: factor.kind } : { change: 'recovery_code' }),
    at: at.toISOString(),
    ip,
    wish: { uiLocales: request.extra?.ui_locales, acceptLanguage: language },
    facts: toMailFacts(place),
  };
  return [{ id: newSecret(entropy), to, template: 'factor_changed', model }];
}

/** Returns the account for which the browser is remembered, with the version of its factors after the commit. */
export function rememberedBy(
  factor: KeptFactor | undefined,
  { raisesFactors: raises }: CommitPlan,
): RememberedBrowser | undefined {
  if (factor?.remembers === undefined || factor.kind === undefined) return undefined;
  const { userId, revision, kind, at } = factor;
  return { userId, revision: revision + (raises ? 1 : 0), kind, at };
}
