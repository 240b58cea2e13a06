/**
 * Finds the server of an older version for the rehearsal of an upgrade: a package, or a commit whose package it builds as
 * a maintainer would (`npm ci`, `npm pack`). Writes below the given folder only, and uses nothing of this checkout but
 * git.
 */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cleanEnvironment, install } from '../release/trial.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Server {
  /** For the table: the version, and the commit if it was built from one. */
  readonly title: string;
  /** `dist/main.js` of the installed package. */
  readonly main: string;
}

function readVersion(folder: string): string {
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version;
}

/** Installs a package into an empty folder. Throws with npm's output. */
export async function installServer(tarball: string, folder: string, commit?: string): Promise<Server> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await install(tarball, folder);
  const home = join(folder, 'node_modules/vestibule');
  return { title: [readVersion(home), ...(commit ? [`(${commit})`] : [])].join(' '), main: join(home, 'dist/main.js') };
}

/** Returns the short id of a commit, tag or branch. Throws with what to give instead. */
function findCommit(name: string): string {
  try {
    const args = ['rev-parse', '--verify', '--quiet', '--short=8', `${name}^{commit}`];
    return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  } catch {
    throw new Error(`${name} is no file and no commit. Give the package of the older version, its tag, or its commit.`);
  }
}

/** Packs a commit in a folder of its own. Returns the package. Takes minutes. */
async function pack(commit: string, folder: string): Promise<string> {
  const source = join(folder, 'source');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(source, { recursive: true });
  const archive = join(folder, 'source.tar');
  await run('git', ['archive', '--output', archive, commit], { cwd: ROOT });
  await run('tar', ['-xf', archive, '-C', source]);
  const options = { cwd: source, env: cleanEnvironment(), maxBuffer: 1 << 26 };
  await run('npm', ['ci', '--no-audit', '--no-fund'], options);
  await run('npm', ['pack', '--pack-destination', folder], options);
  rmSync(source, { recursive: true });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm made no package of ${commit}`);
  return join(folder, tarball);
}

/**
 * Returns the server of a package, or of a commit. The package of a commit is kept in `folder` for the next run. Throws
 * for a name that is neither.
 */
export async function findOlder(name: string, folder: string): Promise<Server> {
  if (existsSync(name)) return installServer(resolve(name), join(folder, 'server'));
  const commit = findCommit(name);
  const kept = join(folder, commit);
  const known = existsSync(kept) ? readdirSync(kept).find((file) => file.endsWith('.tgz')) : undefined;
  const tarball = known === undefined ? await pack(commit, kept) : join(kept, known);
  return installServer(tarball, join(folder, 'server'), commit);
}
