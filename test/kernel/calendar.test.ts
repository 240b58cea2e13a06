/** A point in time as people read it: always in UTC. */
import { expect, test } from 'vitest';
import { formatMoment } from '../../src/kernel/calendar.js';

test('is written out, in UTC', () => {
  expect(formatMoment(new Date('2026-12-02T13:05:59Z'), 'en')).toBe('2 December 2026 at 13:05');
  expect(formatMoment(new Date('2026-01-31T23:30:00-05:00'), 'en')).toBe('1 February 2026 at 04:30');
});
