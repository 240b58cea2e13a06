/** Builds put whole folders in place, also when two of them end at the same moment (scripts/put-in-place.mjs). Never touches dist/. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../scripts/put-in-place.mjs', import.meta.url));
const FILES = 60;
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vestibule-put-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs `code` in a process of its own, as a build does, with the functions of the program and `root` at hand. */
const build = (code: string) =>
  promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    `import { makeAside, putInPlace, removeAtOnce } from ${JSON.stringify(PROGRAM)};
     import { readdirSync, writeFileSync } from 'node:fs';
     const root = ${JSON.stringify(root)};
     ${code}`,
  ]);

test('a folder takes the place of the one before, and nothing is left beside it', async () => {
  mkdirSync(join(root, 'dist', 'made'), { recursive: true });
  writeFileSync(join(root, 'dist', 'made', 'of-old'), '');
  await build(
    `const aside = makeAside(root); writeFileSync(aside + '/new', 'new'); putInPlace(aside, root + '/dist/made');`,
  );
  expect(readdirSync(root)).toEqual(['dist']);
  expect(readdirSync(join(root, 'dist'))).toEqual(['made']);
  expect(readdirSync(join(root, 'dist', 'made'))).toEqual(['new']);
});

test('a file takes the place of a folder, and what is removed is gone', async () => {
  mkdirSync(join(root, 'dist', 'one'), { recursive: true });
  mkdirSync(join(root, 'dist', 'other'));
  await build(`const aside = makeAside(root); writeFileSync(aside + '/one', 'file'); putInPlace(aside + '/one', root + '/dist/one');
    removeAtOnce(root + '/dist/other', aside); removeAtOnce(root + '/dist/never-there', aside);`);
  expect(readFileSync(join(root, 'dist', 'one'), 'utf8')).toBe('file');
  expect(existsSync(join(root, 'dist', 'other'))).toBe(false);
});

test('of two builds at once neither takes files from the other', async () => {
  const many = `for (let round = 0; round < 15; round += 1) {
      const aside = makeAside(root);
      for (let file = 0; file < ${FILES}; file += 1) writeFileSync(aside + '/' + file, '');
      putInPlace(aside, root + '/dist');
    }`;
  await Promise.all([build(many), build(many)]);
  expect(readdirSync(join(root, 'dist'))).toHaveLength(FILES);
  expect(readdirSync(root)).toEqual(['dist']);
});
