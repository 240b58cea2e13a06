/**
 * `npm run docs`: builds the documentation site into dist/docs, for the console's Help. `npm run docs -- --base /
 * [--out FOLDER]` builds it for another host (artifacts/site). Works on a copy of the documents. The old site stays
 * until the new one is complete.
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vitepress';
import { composePages } from './compose.js';
import { findPictures, ROOT } from './find-documents.js';
import { CONSOLE_BASE, toSettings } from './settings.js';

const { values } = parseArgs({ options: { base: { type: 'string', default: CONSOLE_BASE }, out: { type: 'string' } } });
const isInConsole = values.base === CONSOLE_BASE;
const target = join(ROOT, values.out ?? (isInConsole ? 'dist/docs' : 'artifacts/site'));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

const listFiles = (folder: string, pattern: RegExp): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => pattern.test(name))
    .map((name) => join(folder, name));

/** Returns a digest of the site's sources: pages, pictures, these programs, the package lock. */
function fingerprint(): string {
  const hash = createHash('sha256').update(values.base);
  const programs = listFiles(join(ROOT, 'scripts/docs'), /\.\w+$/).map((path) => path.slice(ROOT.length));
  for (const { path, text } of composePages()) hash.update(`${path}\n${text}`);
  for (const path of [...findPictures(), ...programs, 'scripts/licences.mjs', 'package-lock.json'])
    hash.update(`${path}\n`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

/** Returns the generator's settings as code, with the functions that data cannot express. */
function toConfig(settings: unknown): string {
  return [
    `import { addLicences, keepCode } from ${JSON.stringify(join(ROOT, 'scripts/docs/generator.mjs'))};`,
    `const settings = ${JSON.stringify(settings)};`,
    'settings.markdown.config = keepCode;',
    `settings.vite.plugins = [addLicences(${JSON.stringify(ROOT)})];`,
    'export default settings;',
    '',
  ].join('\n');
}

/** Writes the pages, their pictures and the generator's settings into `folder`. */
function layOut(folder: string): void {
  const pages = composePages();
  for (const { path, text } of pages) write(join(folder, path), text);
  for (const path of findPictures())
    cpSync(join(ROOT, path), join(folder, path.replace(/^docs\//, '')), { recursive: true });
  cpSync(join(ROOT, 'scripts/docs/theme'), join(folder, '.vitepress/theme'), { recursive: true });
  write(join(folder, '.vitepress/config.mjs'), toConfig(toSettings(pages, values.base)));
}

/**
 * The generator tries to write a second, smaller file for each page, which the bundler prevents with a warning. So the
 * pages, and the program that loads them, are changed to name the full file.
 */
function nameWholeFiles(folder: string): void {
  for (const path of listFiles(folder, /\.html$|^assets\/app\.[\w-]+\.js$/))
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('.lean.js', '.js'));
}

/** Throws if a page names a file that does not exist. */
function checkFiles(folder: string): void {
  for (const path of listFiles(folder, /\.html$/))
    for (const [, name = ''] of readFileSync(path, 'utf8').matchAll(/(?:href|src)="([^"#?]*\.\w+)"/g))
      if (name.startsWith(values.base) && !existsSync(join(folder, name.slice(values.base.length))))
        throw new Error(`${path} names ${name}, which was not built`);
}

/**
 * Writes the hashes of the scripts in the pages. The policy allows only these, so the browser refuses any other script.
 */
function writeHashes(folder: string): void {
  const hashes = new Set<string>();
  for (const path of listFiles(folder, /\.html$/))
    for (const [, attributes = '', code = ''] of readFileSync(path, 'utf8').matchAll(
      /<script([^>]*)>([\s\S]*?)<\/script>/g,
    ))
      if (!attributes.includes('src=')) hashes.add(createHash('sha256').update(code).digest('base64'));
  if (hashes.size > 5)
    throw new Error(`${hashes.size} different scripts stand in the pages: each is a row of the policy`);
  writeFileSync(join(folder, 'script-hashes.json'), JSON.stringify([...hashes].sort()));
}

function compress(folder: string): void {
  for (const path of listFiles(folder, /\.(html|js|css|json|svg)$/)) {
    const bytes = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** Builds in the folder `aside`, then moves the complete site into place. */
async function buildSite(aside: string, print: string): Promise<void> {
  const built = join(aside, 'built');
  layOut(join(aside, 'pages'));
  await build(join(aside, 'pages'), { outDir: built });
  nameWholeFiles(built);
  checkFiles(built);
  if (isInConsole) {
    writeHashes(built);
    compress(built);
  }
  writeFileSync(join(built, 'fingerprint'), print);
  mkdirSync(dirname(target), { recursive: true });
  if (existsSync(target)) renameSync(target, join(aside, 'old'));
  renameSync(built, target);
}

const print = fingerprint();
const mark = join(target, 'fingerprint');
if (!existsSync(mark) || readFileSync(mark, 'utf8') !== print) {
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  // A folder of the checkout, so that the generator finds its packages.
  const aside = mkdtempSync(join(ROOT, 'dist/docs-'));
  try {
    await buildSite(aside, print);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
console.log(`${target}: ${listFiles(target, /\.html$/).length} pages`);
