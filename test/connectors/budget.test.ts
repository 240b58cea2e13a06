/** A budget: a few at once, then one in a while, never more than the few. */
import { expect, test } from 'vitest';
import { createBudget } from '../../src/connectors/budget.js';
import { createManualClock } from '../support/manual-clock.js';

const takeAll = (budget: ReturnType<typeof createBudget>): number => {
  let taken = 0;
  while (budget.take()) taken += 1;
  return taken;
};

test('fills up one by one, and never beyond what there is at once', () => {
  const clock = createManualClock();
  const budget = createBudget(clock, { atOnce: 3, everyMs: 1_000 });
  expect(takeAll(budget)).toBe(3);
  expect(budget.waitMs()).toBe(1_000);
  clock.advanceMs(999);
  expect([takeAll(budget), budget.waitMs()]).toEqual([0, 1]);
  clock.advanceMs(1);
  expect([budget.waitMs(), takeAll(budget)]).toEqual([0, 1]);
  clock.advanceMs(2_500);
  expect(takeAll(budget)).toBe(2);
  // The half second that was over counts for the next one.
  expect(budget.waitMs()).toBe(500);
  clock.advanceMs(3_600_000);
  expect(takeAll(budget)).toBe(3);
});
