/** Places of a stack trace in a bundle become places of its sources (src/kernel/source-places.ts). */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { toSourcePlaces } from '../../src/kernel/source-places.js';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-places-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the places of a bundle are those of the sources, and all others stay', async () => {
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src/deep.ts'), '\n\nexport function fall(): never {\n  throw new Error("down");\n}\n');
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(
    join(folder, 'src/main.ts'),
    "import { fall } from './deep.js';\nfunction go() {\n  try {\n    fall();\n  } catch (error) {\n    console.log((error as Error).stack);\n  }\n}\ngo();\n",
  );
  await build({
    absWorkingDir: folder,
    entryPoints: ['src/main.ts'],
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    sourcemap: 'linked',
  });
  // In a process of its own: the test runner maps the traces of its own.
  const stack = spawnSync(process.execPath, [join(folder, 'dist/main.js')], { encoding: 'utf8' }).stdout;
  const lines = toSourcePlaces(stack).split('\n');
  expect(lines.slice(0, 3)).toEqual(['Error: down', '    at fall (src/deep.ts:4)', '    at go (src/main.ts:4)']);
  expect(lines.slice(4)).toEqual(stack.split('\n').slice(4));
});

test.each([
  ['no map', 'no-map.js', undefined],
  ['a map that cannot be read', 'bad.js', 'no JSON'],
  ['a line after the end', 'short.js', '{"version":3,"sources":["a.ts"],"mappings":"AAAA"}'],
])('case=%s leaves the place as it is', (_name, file, map) => {
  mkdirSync(join(folder, 'dist'), { recursive: true });
  if (map !== undefined) writeFileSync(join(folder, 'dist', `${file}.map`), map);
  const stack = `Error: x\n    at f (${pathToFileURL(join(folder, 'dist', file)).href}:7:3)`;
  expect(toSourcePlaces(stack)).toBe(stack);
});
