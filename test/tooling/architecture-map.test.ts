/** The drawn map of the folders is true: each folder of the sources is on it, and each arrow is an import, with none that runs back. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../scripts/docs/find-documents.js';

const map = readFileSync(`${ROOT}docs/architecture.svg`, 'utf8');
const drawn = [...map.matchAll(/class="name step mid"[^>]*>([^<]+)</g)].map(([, name]) => name);
const arrows = [...map.matchAll(/data-imports="(\S+) (\S+)"/g)].map(([, from = '', to = '']) => [from, to] as const);

/** `http login` for each import of a file in src/http that is in src/login. */
const imports = new Set(
  readdirSync(`${ROOT}src`, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .flatMap((path) =>
      [...readFileSync(`${ROOT}src/${path}`, 'utf8').matchAll(/from '(\.[^']+)'|import\('(\.[^']+)'\)/g)].map(
        ([, still, late]) => {
          const to = posix.join(posix.dirname(path), still ?? late ?? '');
          return `${path.split('/')[0]} ${to.split('/')[0]}`;
        },
      ),
    ),
);

test('every folder of src is drawn, and nothing else', () => {
  expect([...drawn].sort()).toEqual(readdirSync(`${ROOT}src`).sort());
});

test('every arrow is an import', () => {
  expect(arrows.length).toBeGreaterThan(15);
  expect(arrows.filter(([from, to]) => !imports.has(`${from} ${to}`))).toEqual([]);
});

test('no import runs against an arrow, except tables of settings, which ports may read', () => {
  const back = arrows.filter(([from, to]) => imports.has(`${to} ${from}`));
  expect(back).toEqual([['management', 'ports']]);
});
