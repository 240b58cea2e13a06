/**
 * The database directory of the bundled PostgreSQL: its location, its creation, and whether this program can use it. A
 * directory is complete or does not exist: it is created under another name, synced, and renamed. Never deletes a
 * finished one.
 */
import { spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { StartError } from '../../kernel/errors.js';
import { newSecret, randomAlphanumeric, systemEntropy } from '../../kernel/ids.js';
import { LOCATION_FILE } from '../database/data-directory.js';
import type { StorageLog } from '../database/log.js';
import { type Account, canTraverse, spawnIdentity } from './account.js';
import { type Binaries, SYSTEM_DIRECTORY } from './binaries.js';

/** Name of the bundled server's superuser and of its database. */
export const BUNDLED_NAME = 'vestibule';

const PASSWORD_FILE = 'vestibule-password';
const UNFINISHED = 'postgres.new-';

/** Environment of PostgreSQL's programs, so that the caller's PGDATA, PGPORT and locale do not reach them. */
export const SERVER_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

/**
 * Returns the directory that holds `postgres/`: the data directory, or the other one that {@link chooseClusterHome}
 * chose at an earlier start.
 */
export function findClusterHome(dataDir: string): string {
  const pointer = join(dataDir, LOCATION_FILE);
  if (!existsSync(pointer)) return dataDir;
  const home = readFileSync(pointer, 'utf8').trim();
  if (!isAbsolute(home) || !existsSync(home))
    throw new StartError(
      `The database of ${dataDir} was kept in ${JSON.stringify(home)} (so says ${pointer}), which does not exist any more. Restore it, or remove ${dataDir} to start with an empty database.`,
    );
  return home;
}

/**
 * Chooses the directory for a new database: the data directory if `account` can reach it, otherwise (a checkout below
 * /root) a new directory that it can reach. A file in the data directory stores that path, so that removing the data
 * directory still means a fresh start.
 */
export function chooseClusterHome(dataDir: string, account: Account | undefined, log: StorageLog): string {
  if (account === undefined || canTraverse(dataDir, account)) return dataDir;
  const home = join(SYSTEM_DIRECTORY, randomAlphanumeric(systemEntropy, 16));
  try {
    mkdirSync(home, { recursive: true, mode: 0o711 });
  } catch (error) {
    throw new StartError(
      `PostgreSQL runs as ${account.name}, which cannot enter ${dataDir}, and ${home} cannot be made (${(error as Error).message}). Set VESTIBULE_DATA_DIR to a directory that every account may pass through, or set DATABASE_URL.`,
      { cause: error },
    );
  }
  writeFileSync(join(dataDir, LOCATION_FILE), `${home}\n`);
  log.warn({ dataDir, database: home }, `the database is kept in ${home}: ${account.name} cannot enter ${dataDir}`);
  return home;
}

/** Throws {@link StartError} when another major version created the existing directory. */
export function checkVersion(pgData: string, binaries: Binaries): void {
  const found = readFileSync(join(pgData, 'PG_VERSION'), 'utf8').trim();
  if (found === binaries.majorVersion) return;
  throw new StartError(
    `The database in ${pgData} was made by PostgreSQL ${found}; this version of Vestibule brings PostgreSQL ${binaries.majorVersion}, which cannot read it. Start it with the Vestibule that made it and copy the data over (pg_dump), or choose another VESTIBULE_DATA_DIR.`,
  );
}

/** Returns the password of the bundled server's only role. Throws {@link StartError} when the file is missing. */
export function readPassword(pgData: string): string {
  try {
    // Follows no symbolic link. Attack: the account that owns the directory makes root read any file.
    const file = openSync(join(pgData, PASSWORD_FILE), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return readFileSync(file, 'utf8').trim();
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new StartError(
      `The database's password cannot be read from ${join(pgData, PASSWORD_FILE)}: ${(error as Error).message}. Restore the file from a backup.`,
      { cause: error },
    );
  }
}

/** Turns PostgreSQL's last output into an error with the cause and the remedy. */
export function toStartError(output: string, place: string): StartError {
  if (/No space left on device|Disk quota exceeded/.test(output))
    return new StartError(
      `The disk is full: PostgreSQL could not write to ${place}. A new database needs about 100 MB; free some space and start again.`,
    );
  if (/lock file "[^"]*" already exists/.test(output))
    return new StartError(`Another PostgreSQL server uses ${place}. Stop it and start again.`);
  if (
    /Cannot allocate memory|could not create shared memory segment|could not map anonymous shared memory/.test(output)
  )
    return new StartError('There is not enough memory for PostgreSQL: it needs about 150 MB.');
  if (/^Error: spawn|error while loading shared libraries|Exec format error/m.test(output))
    return new StartError(
      `The bundled PostgreSQL cannot run on this system (on Linux it needs glibc): ${output.trim().split('\n')[0]}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const cause = lines.find((line) => /FATAL|PANIC|error:/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
  return new StartError(`PostgreSQL could not start in ${place}: ${cause.trim()}`);
}

function runProgram(program: string, args: readonly string[], account: Account | undefined): Promise<[number, string]> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: SERVER_ENVIRONMENT,
      ...spawnIdentity(account),
    });
    let output = '';
    const collect = (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-8192);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', reject);
    child.on('close', (code) => resolve([code ?? -1, output]));
  });
}

async function runInitdb(binaries: Binaries, directory: string, passwordFile: string, account: Account | undefined) {
  const steps = [
    // Written without waiting for the disk, then synced once: half a second instead of several.
    [
      `--username=${BUNDLED_NAME}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Gives texts the same order and case rules on every machine, whatever its C library.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-sync',
      '--no-instructions',
    ],
    ['--sync-only'],
  ];
  for (const args of steps) {
    const [code, output] = await runProgram(binaries.initdb, ['-D', directory, ...args], account).catch((error) => {
      throw toStartError(String(error), directory);
    });
    if (code !== 0) throw toStartError(output, dirname(directory));
  }
}

/** Creates `postgres/` below `home`, owned by `account`. Throws {@link StartError} and then leaves nothing behind. */
export async function createCluster(home: string, binaries: Binaries, account: Account | undefined): Promise<void> {
  // Removes what an interrupted start left. No other process uses it, since the caller holds the lock.
  for (const name of readdirSync(home)) {
    // Retries the removal: an orphaned initdb may still be writing.
    if (name.startsWith(UNFINISHED)) rmSync(join(home, name), { recursive: true, force: true, maxRetries: 5 });
  }
  const unfinished = join(home, `${UNFINISHED}${randomAlphanumeric(systemEntropy, 8)}`);
  const directory = join(unfinished, 'postgres');
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const passwordFile = join(unfinished, 'password');
    writeFileSync(passwordFile, `${newSecret(systemEntropy)}\n`, { mode: 0o600, flush: true });
    if (account !== undefined)
      for (const path of [unfinished, directory, passwordFile]) chownSync(path, account.uid, account.gid);
    await runInitdb(binaries, directory, passwordFile, account);
    renameSync(passwordFile, join(directory, PASSWORD_FILE));
    renameSync(directory, join(home, 'postgres'));
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw toStartError(String(error), home);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Returns the uid that owns an existing `postgres/`, or undefined. */
export function findClusterOwner(pgData: string): number | undefined {
  return existsSync(join(pgData, 'PG_VERSION')) ? statSync(pgData).uid : undefined;
}
