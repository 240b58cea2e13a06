/** The rule that keeps the last second factor of an account. No I/O. */
import type { FactorKind } from '../../facts/factors.js';
import {
  acceptedFactors,
  countsAlone,
  OPERATOR_FACTORS,
  type OrganizationMfa,
  settingOf,
  type TenantFactors,
} from './factor.js';

interface Present {
  readonly id: string;
  readonly kind: FactorKind;
}

/** An organization of the person. */
interface Asking {
  readonly mfa: OrganizationMfa;
  readonly mfaFactors: readonly string[];
  /** True for the operators' organization, which accepts factors of its own. */
  readonly isOfOperators?: boolean;
}

/**
 * True when the factor `id` must stay, since the tenant or an organization of the person asks for one.
 * - It is the last that counts. Attack: somebody removes it, and the account is protected by the password alone until its
 *   owner comes again.
 * - It is the last that one of them accepts. The person could not sign in there any more: who has a factor may set up
 *   another one only after they passed it.
 *
 * `factors`: those that are set up. `rules`: the tenant's.
 */
export function isLastRequired(
  factors: readonly Present[],
  id: string,
  rules: Pick<TenantFactors, 'accepts' | 'isRequired'>,
  organizations: readonly Asking[],
): boolean {
  const removed = factors.find((factor) => factor.id === id);
  if (removed === undefined || !countsAlone(removed)) return false;
  const left = factors.filter((factor) => factor.id !== id && countsAlone(factor));
  const asking = [
    ...(rules.isRequired ? [rules.accepts] : []),
    ...organizations.flatMap(({ mfa, mfaFactors, isOfOperators }) =>
      mfa === 'none' ? [] : [acceptedFactors(isOfOperators ? { accepts: OPERATOR_FACTORS } : rules, mfaFactors)],
    ),
  ];
  return asking.some(
    (accepts) =>
      left.length === 0 ||
      (accepts.includes(settingOf(removed.kind)) && !left.some(({ kind }) => accepts.includes(settingOf(kind)))),
  );
}
