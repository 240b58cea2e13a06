/**
 * The effect of second factors on a person's next sign-in (docs/linking-rule.md, part 11). Pure. A forecast for
 * plans: every login decides for itself, and an Action or an application may ask for more.
 */
import {
  type FactorKind,
  type SecondFactorRule,
  type SupportedFactor,
  settingOf,
  type TenantFactors,
} from './factor.js';

/** The people whom the settings ask for a second factor in a login into an organization, and the accepted ones. */
export interface FactorRule {
  /** `unless_company`: everybody but those whose company says that it checked one. */
  readonly asks: 'nobody' | 'everybody' | 'unless_company';
  readonly accepts: readonly SupportedFactor[];
}

/** Returns whom the organization and the tenant ask. `accepts`: the factors that count there. */
export function factorRuleOf(
  { isRequired }: Pick<TenantFactors, 'isRequired'>,
  rule: SecondFactorRule['rule'] | undefined,
  accepts: readonly SupportedFactor[],
): FactorRule {
  // The tenant's policy also asks people whose company excuses them from the organization's rule.
  const asks = isRequired || rule === 'required' ? 'everybody' : rule === undefined ? 'nobody' : 'unless_company';
  return { asks, accepts };
}

/** The effects, and whether the person has something to do. */
export const FACTOR_EFFECTS = ['asked', 'sets_up', 'refused', 'company_checks', 'not_asked'] as const;
/**
 * `asked`: for a factor that they have. `sets_up`: has none, and sets one up in the sign-in. `refused`: needs one, has
 * none that counts, and may set up none in this sign-in. `company_checks`: not asked, as long as the company says that it
 * checked one.
 */
export type FactorEffect = (typeof FACTOR_EFFECTS)[number];

/** A person's next sign-in, as far as it decides about a factor. */
export interface NextSignIn {
  /** The confirmed factors of the account. */
  readonly has: readonly FactorKind[];
  readonly byCompany: boolean;
  /** True if the sign-in binds an identity to the account. */
  readonly binds: boolean;
  /** True if the account has a password, or an identity of another company. */
  readonly hasOtherWaysIn: boolean;
}

/** Returns the effect on one person. The order is that of the rules in part 11: the binding first. */
export function effectOf({ asks, accepts }: FactorRule, next: NextSignIn): FactorEffect {
  const real = next.has.filter((kind) => kind !== 'recovery-code' && kind !== 'email');
  if (next.binds && real.length > 0) return 'asked';
  if (asks === 'nobody') return 'not_asked';
  if (asks === 'unless_company' && next.byCompany) return 'company_checks';
  if (real.some((kind) => accepts.includes(settingOf(kind)))) return 'asked';
  // A company's sign-in sets up no factor for an account that also has another way in.
  const maySetUp = real.length === 0 && !(next.byCompany && next.hasOtherWaysIn);
  return maySetUp && accepts.some((name) => name !== 'recovery-code' && name !== 'email') ? 'sets_up' : 'refused';
}
