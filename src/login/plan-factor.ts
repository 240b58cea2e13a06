/**
 * Plans the writes about second factors: the claim of the person's answer, what they set up, and the mail to the owner.
 * Pure; draws ids.
 */
import { hashRecoveryCode, newFactorId } from '../domain/factors/new-factor.js';
import type { Entropy } from '../kernel/ids.js';
import type { FactorUse, FactorWrites, NewFactor } from '../ports/factor-writes.js';
import type { CommitPlan } from '../ports/login-store.js';
import type { OutgoingMail } from '../ports/mailer.js';
import { passedAtCompany } from './company-factor.js';
import { type FactorMailDeps, type FactorNotice, factorMails } from './factor-mail.js';
import type { KeptCredential, KeptFactor, RememberedBrowser } from './factor-stages.js';
import { asksForFactor } from './second-factor.js';
import type { Admitted, Agreed, Attempt, Kept } from './stages.js';

type Answered = Partial<
  Pick<KeptFactor, 'id' | 'kind' | 'step' | 'signCount' | 'backedUp' | 'usedCodeHash' | 'mailed' | 'recoveryCode'>
>;

function useOf({
  id,
  kind,
  step,
  signCount,
  backedUp,
  usedCodeHash,
  mailed,
  recoveryCode,
}: Answered): FactorUse | undefined {
  if (id === undefined || kind === undefined) return undefined;
  return {
    id,
    kind,
    ...(step !== undefined && { step }),
    ...(signCount !== undefined && { signCount }),
    ...(backedUp !== undefined && { backedUp }),
    ...(usedCodeHash !== undefined && { codeHash: Buffer.from(usedCodeHash, 'base64url') }),
    ...(mailed && { mailed }),
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

/** Returns the claims of factors that a commit before the Actions makes; undefined without one. */
export function planClaim(factors: readonly KeptFactor[] = []): FactorWrites | undefined {
  const used = factors.flatMap((factor) => {
    const use = factor.enrolled === undefined && !factor.isClaimed ? useOf(factor) : undefined;
    return use === undefined ? [] : [use];
  });
  return used.length > 0 ? { used } : undefined;
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
  return ends || factors?.enrolled !== undefined || Boolean(factors?.used?.some(({ codeHash }) => codeHash));
}

/**
 * Returns everything that the last commit writes about factors. `offered`: the passkey that the person made, which is no
 * passed factor. `isFederated`: the company's identity provider said that
 * the person passed a factor there, and the organization believes it.
 */
export function planFactors(
  factors: readonly KeptFactor[] = [],
  {
    at,
    isFederated,
    offered,
    entropy,
    person,
  }: {
    readonly at: Date;
    readonly isFederated: boolean;
    readonly offered: Kept['offer'];
    readonly entropy: Entropy;
    readonly person: Pick<CommitPlan, 'relyAccount' | 'endPasswords'>;
  },
): FactorWrites | undefined {
  const passedOnes = factors.filter(({ kind }) => kind !== undefined);
  // A code by mail permits less than the others, so the session records it only if it is the only one.
  const last = passedOnes.findLast(({ kind }) => kind !== 'email') ?? passedOnes.at(-1);
  const made = offered?.enrolled;
  const passkeys = made ? [{ id: made.id, kind: 'passkey', credential: toCredential(made.credential) } as const] : [];
  const enrolled = [...factors.flatMap((factor) => newOnes(factor, entropy)), ...passkeys];
  const writes = { ...planClaim(factors), ...(enrolled.length > 0 && { enrolled }) };
  const before = person.relyAccount?.factorsRevision ?? 0;
  // A new account with a factor begins with version 1.
  const isRaised =
    raisesFactors({ ...person, factors: writes }) || (person.relyAccount === undefined && enrolled.length > 0);
  const revision = before + (isRaised ? 1 : 0);
  const passed: FactorWrites['passed'] =
    last?.kind !== undefined
      ? { name: 'mfa', type: last.kind, timestamp: new Date(last.at), revision }
      : isFederated
        ? { name: 'mfa', type: 'federated', timestamp: at, revision }
        : undefined;
  if (passed === undefined && enrolled.length === 0) return undefined;
  return { ...writes, ...(passed && { passed }) };
}

/**
 * True if the ID token says that a second factor was passed: in this login, or in the session if the application asked
 * for a factor. Otherwise that application would send the person here again and again.
 */
export function isFactorPassed(attempt: Attempt, factors: CommitPlan['factors']): boolean {
  const { credential } = attempt;
  const inSession = credential.kind === 'session' && asksForFactor(attempt) ? credential.session.factor : undefined;
  const kind = factors?.passed?.type ?? inSession?.kind;
  return kind !== undefined && kind !== 'federated';
}

/**
 * Returns the account if this login sets up its first factor: it passed no other one, and began with no passkey. The link
 * in the mail checks it again, since an Action may ask for more.
 */
function firstFactorOf({ account, proof }: Pick<Admitted, 'account' | 'proof'>, factors: readonly KeptFactor[]) {
  if (account.kind === 'new') return undefined;
  const isByPasskey = proof.kind === 'account' && proof.passkey !== undefined;
  const isPassed = factors.some((one) => one.kind !== undefined && (one.enrolled === undefined || one.earlier));
  return isByPasskey || isPassed ? undefined : account.candidate.account.userId;
}

/**
 * Returns the mail to the account's owner about a factor that this login set up, or a recovery code that it used. Attack:
 * somebody who knows the password sets up a factor of their own, and the owner never hears of it.
 */
export function planFactorMail(
  { factors = [], offered }: Pick<Agreed, 'factors' | 'offered'>,
  admitted: Admitted,
  { at, ip, language, request }: Attempt,
  { entropy, origin, ticketBox }: FactorMailDeps,
): readonly OutgoingMail[] {
  const { tenant, organization, client, account } = admitted;
  const to = account.kind === 'existing' ? account.candidate.account.email : undefined;
  const place = { tenant, organization, client };
  const wish = { uiLocales: request.extra?.ui_locales, acceptLanguage: language };
  const made: KeptFactor['kind'] = offered?.enrolled && 'passkey';
  const changes = [...factors, ...(made ? [{ kind: made, enrolled: {}, usedCodeHash: undefined }] : [])];
  const notices = changes.flatMap(({ kind, enrolled, usedCodeHash, ...rest }): readonly FactorNotice[] => {
    // A commit before the Actions has mailed about the code that it claimed.
    const isTold = enrolled === undefined && 'isClaimed' in rest;
    if (kind === undefined || isTold || (enrolled === undefined && usedCodeHash === undefined)) return [];
    return [enrolled ? { change: 'added', factor: kind } : { change: 'recovery_code' }];
  });
  const stoppable = firstFactorOf(admitted, factors);
  return factorMails({ entropy, origin, ticketBox }, { to, place, at, ip, wish, stoppable }, notices);
}

/** Returns the account for which the browser is remembered, with the version of its factors after the commit. */
export function rememberedBy(
  factors: readonly KeptFactor[] = [],
  { raisesFactors: raises }: CommitPlan,
): RememberedBrowser | undefined {
  const factor = factors.findLast(({ remembers }) => remembers);
  if (factor?.remembers === undefined || factor.kind === undefined) return undefined;
  const { userId, revision, kind, at } = factor;
  return { userId, revision: revision + (raises ? 1 : 0), kind, at };
}

/** True if the organization takes its company's word for a second factor, and the company gave it in this login. */
export function isBelieved(admitted: Admitted): boolean {
  return admitted.organization?.secondFactor?.rule === 'required_unless_idp' && passedAtCompany(admitted);
}

/** Adds the writes about factors to a plan. */
export function withFactors(
  person: Pick<CommitPlan, 'relyAccount' | 'endPasswords'>,
  factors: CommitPlan['factors'],
): Pick<CommitPlan, 'factors' | 'raisesFactors'> {
  const raises = raisesFactors({ ...person, factors });
  return { ...(factors && { factors }), ...(raises && { raisesFactors: true }) };
}

/** Returns the factors whose answer a commit before the Actions claims: all but those that the login sets up. */
export const claimedEarly = (factors: readonly KeptFactor[] = []): readonly KeptFactor[] =>
  factors.filter(({ enrolled }) => enrolled === undefined);
