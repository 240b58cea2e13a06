/**
 * Effects of second factors on the people of a plan: the words, and the effect on one person. Pure. Only Vestibule
 * tells the factors of a thousand people at once; for Auth0 there is no forecast.
 */
import { effectOf, type FactorEffect, type FactorRule } from '../../domain/factors/factor-effect.js';
import type { PersonClass } from './classify.js';
import { isOutside } from './lockout.js';
import type { Person } from './person.js';

/** Titles of the effects, and the next sign-in of these people. */
export const FACTOR_WORDS: Readonly<Record<FactorEffect, { readonly title: string; readonly sees: string }>> = {
  asked: { title: 'asked for their factor', sees: 'Have a second factor, and are asked for it.' },
  sets_up: { title: 'set one up', sees: 'Have none, and must set one up in that sign-in.' },
  refused: {
    title: 'refused without one',
    sees: 'Have none that counts. A company’s sign-in sets up none for an account with a password: let them set one up on /account first, or use required_unless_idp.',
  },
  company_checks: {
    title: 'not asked: the company checks',
    sees: 'Are not asked, as long as the company’s sign-in says that it checked a second factor (amr).',
  },
  not_asked: { title: 'not asked', sees: 'Sign in without a second factor.' },
};

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
