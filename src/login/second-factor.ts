/**
 * Decides whether a login needs a second factor, and whether one that was passed suffices (docs/linking-rule.md, part
 * 11). A pure rule. A factor proves that the person is the same again; it admits nobody and replaces no linking rule.
 */
import {
  canBeRequired,
  type FactorKind,
  FRESH_MS,
  factorsAcceptedBy,
  MULTI_FACTOR,
  settingOf,
  withoutMail,
} from '../domain/factors/factor.js';
import { SUPPORTED_FACTORS, type SupportedFactor } from '../facts/factors.js';
import { passedAtCompany } from './company-factor.js';
import type { FactorNeed, KeptFactor } from './factor-stages.js';
import { userIdOf } from './kept.js';
import type { Admitted, Attempt, Kept, Resolved } from './stages.js';

/** Time in milliseconds for which a browser is remembered: 30 days, as on Auth0. */
const REMEMBERED_MS = 30 * 86_400_000;

/** True if the application asked for a second factor (Auth0, "step-up authentication"). */
export function asksForFactor({ request }: Pick<Attempt, 'request'>): boolean {
  return (request.extra?.acr_values ?? '').split(' ').includes(MULTI_FACTOR);
}

/** Returns the version of the account's factors; 0 for a new account. */
export function factorsRevisionOf({ account }: Pick<Resolved, 'account'>): number {
  return account.kind === 'existing' ? account.candidate.factorsRevision : 0;
}

/** Returns all factors that the person passed in this login, the last one last. */
export function passedFactors({ factor, earlierFactors = [] }: Kept): readonly KeptFactor[] {
  return factor === undefined ? earlierFactors : [...earlierFactors, factor];
}

/**
 * Returns the passed factors that are of the login's account, as the account is now. Attack: a factor that was passed, or
 * set up, for another account, or before the account's factors changed.
 */
export function factorsOfAccount(admitted: Admitted, kept: Kept): readonly KeptFactor[] {
  const userId = userIdOf(admitted, kept);
  const revision = factorsRevisionOf(admitted);
  return passedFactors(kept).filter((factor) => factor.userId === userId && factor.revision === revision);
}

/**
 * Returns why this login needs a factor before it binds an identity to an account that has factors. Attack: a company
 * asserts the address of somebody who protects their account, and gets in without their factor.
 */
export function bindingNeed(admitted: Admitted): FactorNeed | undefined {
  const { account } = admitted;
  if (account.kind === 'new' || account.bind === undefined || factorsRevisionOf(admitted) === 0) return undefined;
  // Attack: the company that asserts the address also runs its mailbox, and reads a code that is mailed there.
  return { reason: 'binding', accepts: withoutMail(SUPPORTED_FACTORS), isFresh: true, onlyEnrolled: true };
}

/**
 * Returns why this login needs a second factor, the strictest reason first; undefined when it needs none. `isWished`: an
 * Action said who needs one, and its word replaces the tenant's policy. It never lowers what an organization asks for.
 */
export function factorNeed(admitted: Admitted, attempt: Attempt, isWished = false): FactorNeed | undefined {
  const { tenant, organization } = admitted;
  const { secondFactor } = organization ?? {};
  const { managesFactors, changesFactors } = attempt.request;
  // Attack: a remembered browser that was left open, or a company's word, is enough to remove the factors of a person.
  const isFresh = managesFactors === true || changesFactors === true;
  // Attack: somebody who reads the mailbox sets up a factor of their own by a code that was mailed there.
  const all = factorsAcceptedBy(tenant, organization);
  const accepts = isFresh ? withoutMail(all) : all;
  const need = (reason: FactorNeed['reason'], isFresh = false): FactorNeed => ({ reason, accepts, isFresh });
  if (asksForFactor(attempt) && canBeRequired(accepts)) return need('application', true);
  if (secondFactor !== undefined && !(secondFactor.rule === 'required_unless_idp' && isExcused(admitted, attempt)))
    return need('organization', isFresh);
  if (tenant.factors.isRequired && !isWished) return need('tenant', isFresh);
  if (!isFresh || factorsRevisionOf(admitted) === 0) return undefined;
  return {
    ...{ reason: 'application', isFresh, onlyEnrolled: true },
    // A factor that the tenant does not accept any more still protects the factors of its person.
    accepts: canBeRequired(accepts) ? accepts : withoutMail(SUPPORTED_FACTORS),
  };
}

/** True when the company's own sign-in counts: of this login, or of the session that such a login opened. */
function isExcused(admitted: Admitted, { credential }: Attempt): boolean {
  if (credential.kind === 'session') return credential.session.factor?.kind === 'federated';
  return passedAtCompany(admitted);
}

const isAccepted = (kind: FactorKind | 'federated', accepts: readonly SupportedFactor[]): boolean =>
  kind !== 'federated' && accepts.includes(settingOf(kind));

/** Returns the name of the earlier proof that satisfies the need; undefined when the person has to be asked. */
export function satisfiedBy(
  need: FactorNeed,
  admitted: Admitted,
  { attempt, kept }: { readonly attempt: Attempt; readonly kept: Kept },
): 'this_login' | 'session' | 'remembered_browser' | undefined {
  const userId = userIdOf(admitted, kept);
  const revision = factorsRevisionOf(admitted);
  const passed = factorsOfAccount(admitted, kept);
  if (passed.length > 0)
    return passed.some(({ kind }) => (kind === undefined ? need.onlyEnrolled : isAccepted(kind, need.accepts)))
      ? 'this_login'
      : undefined;
  const { credential, remembered } = attempt;
  // A code by mail counts only beside another factor that is accepted here, and an earlier proof does not tell whether.
  const isNarrow = (admitted.organization?.secondFactor?.accepts.length ?? 0) > 0;
  const accepts = isNarrow ? withoutMail(need.accepts) : need.accepts;
  const inSession = credential.kind === 'session' ? credential.session.factor : undefined;
  // A step-up accepts the factor of the session: `max_age` asks for a new sign-in, and that one asks for a factor.
  // Attack: somebody at an open browser removes the factors of a person by a factor that was passed days ago.
  const { managesFactors, changesFactors } = attempt.request;
  const countsSession = need.reason !== 'binding' && need.reason !== 'action' && !managesFactors;
  const isOld = changesFactors && inSession && attempt.at.getTime() - inSession.at.getTime() > FRESH_MS;
  if (inSession?.revision === revision && countsSession && !isOld && isAccepted(inSession.kind, accepts))
    return 'session';
  const isKnown = remembered?.some(
    (item) =>
      item.userId === userId &&
      item.revision === revision &&
      attempt.at.getTime() - item.at < REMEMBERED_MS &&
      isAccepted(item.kind, accepts),
  );
  return isKnown && !need.isFresh ? 'remembered_browser' : undefined;
}
