/**
 * The program as plain JavaScript, for tests that start `vestibule` as a process: compiling it in each process costs a second of a
 * processor. Made once for a run, from the sources as they are; what is compiled with types checked and packed is dist/, which no test here needs.
 */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { makeAside, putInPlace } from '../../scripts/put-in-place.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** As deep as src/, so that what the program reads beside itself (sql/, dist/) is where it looks. */
const FOLDER = `${root}.compiled`;
const STAMP = 'sources.sha256';

/** The arguments of Node that start the command: `[...COMPILED, 'serve']`. */
export const COMPILED: readonly string[] = [join(FOLDER, 'main.js')];

function readStamp(): string | undefined {
  try {
    return readFileSync(join(FOLDER, STAMP), 'utf8');
  } catch {
    return undefined;
  }
}

/** Compiles src/ but the console into {@link COMPILED}'s folder, unless it was made from the same sources already. */
export async function compileProgram(): Promise<void> {
  const files = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(`${root}src/console/`) && !path.endsWith('.d.ts'))
    .sort();
  const hash = createHash('sha256');
  for (const path of files) hash.update(`${path}\n`).update(readFileSync(path));
  const stamp = hash.digest('hex');
  if (readStamp() === stamp) return;
  const aside = makeAside(root);
  const made = join(aside, 'made');
  await build({
    entryPoints: files.filter((path) => /\.tsx?$/.test(path)),
    outdir: made,
    outbase: `${root}src`,
    format: 'esm',
    // The oldest that runs it (package.json): older ones know no JSON modules.
    target: 'node20.19',
    tsconfig: `${root}tsconfig.json`,
    logLevel: 'error',
  });
  for (const path of files.filter((one) => !/\.tsx?$/.test(one))) {
    const copy = join(made, path.slice(`${root}src/`.length));
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(path, copy);
  }
  writeFileSync(join(made, STAMP), stamp);
  putInPlace(made, FOLDER);
  rmSync(aside, { recursive: true, force: true });
}
