/**
 * `tsx scripts/prose.ts [FILE…]`: checks comments and documents by the glossary and the lengths of CONTRIBUTING.md.
 * scripts/prose/allowed.json has the number of findings that a file had before this check; it may have fewer, never
 * more. `--allow` writes these numbers again. With names of files, shows all of their findings. Exits with 1 if a file
 * has too many. Changes no text.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findDocuments, ROOT } from './docs/find-documents.js';
import { type Finding, judgeFile } from './prose/judge.js';

const ALLOWED = `${ROOT}scripts/prose/allowed.json`;
const FOLDERS = ['src', 'test', 'demo', 'scripts', 'bench', 'examples'];
/** Generated documents: their words come from other sources. */
const GENERATED = /schema\.d\.ts$|^docs\/(?:command-line|auth0-operations)\.md$|^scripts\/prose\//;

function listSources(): readonly string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes('node_modules'))
      .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length)),
  );
}

const { values, positionals } = parseArgs({ options: { allow: { type: 'boolean' } }, allowPositionals: true });
const paths = positionals.length > 0 ? positionals : [...findDocuments(), ...listSources()].sort();
const judged = paths.filter((path) => !GENERATED.test(path));
const found = new Map<string, readonly Finding[]>();
for (const path of judged) found.set(path, await judgeFile(path, readFileSync(ROOT + path, 'utf8')));

const count = [...found.values()].reduce((sum, { length }) => sum + length, 0);
if (values.allow === true) {
  const rows = [...found].filter(([, { length }]) => length > 0).map(([path, { length }]) => [path, length]);
  writeFileSync(ALLOWED, `${JSON.stringify(Object.fromEntries(rows), undefined, 2)}\n`);
}
const allowed = JSON.parse(readFileSync(ALLOWED, 'utf8')) as Readonly<Record<string, number>>;
const worse = [...found].filter(([path, { length }]) => length > (allowed[path] ?? 0));
const shown = positionals.length > 0 ? [...found] : worse;
for (const [path, findings] of shown)
  for (const { line, message } of findings) console.log(`${path}:${line}  ${message}`);
console.log(`${judged.length} files, ${count} findings, ${worse.length} files with more than before`);
process.exitCode = worse.length === 0 ? 0 : 1;
