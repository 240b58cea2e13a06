/** Counts people of a plan and of its journal. Pure. */
import { FACTOR_EFFECTS, type FactorEffect } from '../../domain/factors/factor-effect.js';
import { PERSON_CLASSES, type PersonClass } from './classify.js';
import type { Standing } from './journal.js';
import type { FactorForecast, Plan, PlanPerson } from './plan-file.js';

export type Changed = PlanPerson & { readonly user_id: string };

/** True for a person whom the plan changes. */
export function isChanged(person: PlanPerson): person is Changed {
  return person.prepare !== undefined && person.user_id !== null;
}

export interface Status {
  readonly waiting: number;
  readonly begun: number;
  /** Number of people whose rollback was begun and is not finished. */
  readonly undoing: number;
  readonly done: number;
  readonly skipped: number;
  readonly failed: number;
  readonly undone: number;
  readonly kept: number;
}

type Look = (id: string) => Standing | undefined;

/** Counts the people whom the plan changes, by how far each is applied or rolled back. */
export function countStatus(plan: Plan, look: Look): Status {
  const status = { waiting: 0, begun: 0, undoing: 0, done: 0, skipped: 0, failed: 0, undone: 0, kept: 0 };
  for (const person of plan.people.filter(isChanged)) {
    const mark = look(person.user_id)?.mark;
    status[mark ?? 'waiting'] += 1;
  }
  return status;
}

/** Lists counts by class, in the order of the classes, without empty ones. */
export function orderTotals(totals: Readonly<Partial<Record<PersonClass, number>>>): readonly [PersonClass, number][] {
  return PERSON_CLASSES.flatMap((name) => {
    const count = totals[name] ?? 0;
    return count === 0 ? [] : [[name, count] as [PersonClass, number]];
  });
}

/**
 * Lists what a second factor changes, in the order of the effects, without empty ones. Empty where it changes nothing for
 * anybody, and where the tenant does not tell.
 */
export function orderFactors(forecast: FactorForecast | undefined): readonly [FactorEffect, number][] {
  const found = FACTOR_EFFECTS.flatMap((effect) => {
    const count = forecast?.people[effect] ?? 0;
    return count === 0 ? [] : [[effect, count] as [FactorEffect, number]];
  });
  return found.every(([effect]) => effect === 'not_asked') ? [] : found;
}
