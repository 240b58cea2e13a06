/** Messages of other windows: only a try is accepted as one. */
import { expect, test } from 'vitest';
import { parseTry } from '../../src/console/last-tries.js';

const TRY = { connectionId: 'con_1', at: '2026-11-27T10:00:00.000Z', claims: { sub: 'ann' } };

test('a try is read, with or without an address', () => {
  expect(parseTry(JSON.stringify(TRY))).toEqual(TRY);
  const withAddress = { ...TRY, email: 'ann@acme.example' };
  expect(parseTry(JSON.stringify(withAddress))).toEqual(withAddress);
});

test.each([
  'ask',
  '',
  'null',
  '[]',
  JSON.stringify({ ...TRY, claims: [] }),
  JSON.stringify({ ...TRY, claims: undefined }),
  JSON.stringify({ ...TRY, connectionId: 7 }),
  JSON.stringify({ ...TRY, at: null }),
])('case=%s is none', (message) => {
  expect(parseTry(message)).toBeUndefined();
});

test('a message that is no text is none', () => {
  expect(parseTry({ ...TRY })).toBeUndefined();
});
