/**
 * The effect of a second factor on a person of a plan. Pure. Only Vestibule
 * tells the factors of a thousand people at once; for Auth0 there is no forecast.
 */
import { effectOf, type FactorEffect, type FactorRule } from '../../domain/factors/factor-effect.js';
import type { PersonClass } from './classify.js';
import { isOutside } from './lockout.js';
import type { Person } from './person.js';

/**
 * Returns the effect on the person's next sign-in: at the company for everybody whom the plan or the linking rule lets in
 * there, else with the password. Undefined for people without either, and where the tenant tells no factors.
 */
export function factorEffectOf(
  { factors, hasPassword }: Person,
  name: PersonClass,
  rule: FactorRule | undefined,
): FactorEffect | undefined {
  if (rule === undefined || factors === undefined || name === 'blocked') return undefined;
  const byCompany = !isOutside(name, { kind: 'vestibule' });
  if (!byCompany && !hasPassword) return undefined;
  return effectOf(rule, { ...factors, byCompany, binds: byCompany && name !== 'linked' });
}
