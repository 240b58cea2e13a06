/** An instant as people read it: always in UTC, and it says so. */
import { expect, test } from 'vitest';
import { formatInstant } from '../../src/kernel/calendar.js';

test('is written out, in UTC', () => {
  expect(formatInstant(new Date('2026-12-02T13:05:59Z'))).toBe('2 December 2026 at 13:05 UTC');
  expect(formatInstant(new Date('2026-01-31T23:30:00-05:00'))).toBe('1 February 2026 at 04:30 UTC');
});
