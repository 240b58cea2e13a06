/** Descriptors and memory of this process: when it says that hardly anything is left, and how many connections its descriptors allow. */
import { expect, test } from 'vitest';
import {
  connectionsWithin,
  createOwnUseReader,
  findShortage,
  readDescriptorLimit,
} from '../../src/kernel/own-limits.js';

const FINE = { descriptors: 100, mostDescriptors: 4_096, heapBytes: 100, mostHeapBytes: 1_000 };
const NONE = Number.POSITIVE_INFINITY;

test.each([
  { what: 'little used', use: {}, reason: undefined },
  { what: 'many descriptors, and some left', use: { descriptors: 4_000 }, reason: undefined },
  { what: 'hardly a descriptor left', use: { descriptors: 4_020 }, reason: /descriptor left of 4096/ },
  { what: 'no descriptor left to count them', use: { descriptors: NONE }, reason: /descriptor/ },
  { what: 'a small limit', use: { descriptors: 250, mostDescriptors: 256 }, reason: /descriptor left of 256/ },
  { what: 'no limit of descriptors', use: { descriptors: 1e6, mostDescriptors: NONE }, reason: undefined },
  { what: 'hardly any memory left', use: { heapBytes: 960 }, reason: /memory left/ },
])('case=$what', ({ use, reason }) => {
  const found = findShortage({ ...FINE, ...use });
  if (reason === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(reason);
});

test('case=connections leave descriptors for files and the database', () => {
  expect(connectionsWithin(10_000, 1_048_576)).toBe(10_000);
  expect(connectionsWithin(10_000, NONE)).toBe(10_000);
  expect(connectionsWithin(10_000, 4_096)).toBe(3_328);
  expect(connectionsWithin(10_000, 1_024)).toBe(512);
  expect(connectionsWithin(16, 4_096)).toBe(16);
});

test('case=a system that does not tell has no limit, and this process uses something', () => {
  expect(readDescriptorLimit('/nowhere')).toBe(NONE);
  const { heapBytes, mostHeapBytes } = createOwnUseReader()();
  expect(heapBytes).toBeGreaterThan(0);
  expect(mostHeapBytes).toBeGreaterThan(heapBytes);
});
