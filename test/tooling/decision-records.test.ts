/** Holds the index of the decision records: each record has one row, and rows name records that exist. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from '../../scripts/docs/find-documents.js';

const FOLDER = `${ROOT}docs/adr/`;
const records = readdirSync(FOLDER).filter((name) => /^\d{4}-.*\.md$/.test(name));
const rows = [...readFileSync(`${FOLDER}README.md`, 'utf8').matchAll(/^\| \[(\d{4})\]\(([^)]+)\)/gm)];

test('every decision record has exactly one row in the index', () => {
  expect(rows.map(([, , path]) => path).sort()).toEqual([...records].sort());
});

test('the number in a row is that of its record', () => {
  expect(rows.filter(([, number = '', path = '']) => !path.startsWith(`${number}-`))).toEqual([]);
});

test('no record has more than 60 lines', () => {
  const lengths = records.map(
    (name) =>
      [
        name,
        readFileSync(FOLDER + name, 'utf8')
          .trimEnd()
          .split('\n').length,
      ] as const,
  );
  expect(lengths.filter(([, lines]) => lines > 60)).toEqual([]);
});
