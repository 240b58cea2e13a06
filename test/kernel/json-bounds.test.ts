/** Bounds of JSON that somebody else wrote. */
import { expect, test } from 'vitest';
import { isWithinBounds } from '../../src/kernel/json-bounds.js';

const nested = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const bounds = { depth: 3, values: 10 };

test.each([
  ['a text', 'x', true],
  ['null', null, true],
  ['three levels', nested(3), true],
  ['four levels', nested(4), false],
  ['four levels of objects', { a: { b: { c: {} } } }, false],
  ['three levels of objects', { a: { b: { c: 1 } } }, true],
  ['ten values', Array.from({ length: 9 }, () => 1), true],
  ['eleven values', Array.from({ length: 10 }, () => 1), false],
  ['eleven values in several places', { a: [1, 2, 3, 4], b: [1, 2, 3, 4] }, false],
])('%s', (_name, value, expected) => {
  expect(isWithinBounds(value, bounds)).toBe(expected);
});

test('a single value is too much where none may be', () => {
  expect(isWithinBounds('x', { depth: 3, values: 0 })).toBe(false);
  expect(isWithinBounds('x', { depth: 3, values: 1 })).toBe(true);
});

test('a list that has too many items is refused before they are gathered', () => {
  const unwalked = (count: number) =>
    Object.assign(Array(count).fill(1), {
      [Symbol.iterator]: () => {
        throw new Error('this must not be walked');
      },
    });
  expect(isWithinBounds(unwalked(10), bounds)).toBe(false);
  expect(isWithinBounds([Array(5).fill(1), unwalked(5)], bounds)).toBe(false);
});

test('a hundred thousand levels are judged, whatever the stack', () => {
  expect(isWithinBounds(nested(100_000), { depth: 1_000_000, values: 1_000_000 })).toBe(true);
  expect(isWithinBounds(nested(100_000), bounds)).toBe(false);
});

test('a list of three hundred thousand items is judged', () => {
  const many = Array.from({ length: 300_000 }, () => 1);
  expect(isWithinBounds({ many }, { depth: 9, values: 1_000_000 })).toBe(true);
});
