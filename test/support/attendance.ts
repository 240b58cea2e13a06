/** Changes that a member's login may make to their membership: the times of sign-ins to the organization. Asserts only. */
import { expect } from 'vitest';
import type { diffSnapshots } from './database.js';

type Row = Readonly<Record<string, unknown>>;

function withoutAttendance(row: unknown): Row {
  const { first_login_at: _first, last_login_at: _last, ...seat } = row as Row;
  return seat;
}

/** Expects the same membership, by the difference of two pictures: they came in, or nothing of it changed at all. */
export function expectSameSeat(
  { members }: ReturnType<typeof diffSnapshots>,
  came: 'came in' | 'did not come in' = 'came in',
): void {
  const times = came === 'came in' ? [{ first_login_at: expect.anything(), last_login_at: expect.anything() }] : [];
  expect(members?.added ?? [], 'sign-ins that are noted').toMatchObject(times);
  expect(members?.added.map(withoutAttendance), 'the same seat').toEqual(members?.removed.map(withoutAttendance));
}
