/**
 * Starts the bundled PostgreSQL and returns its connection string. It listens on a unix socket in a directory that only
 * its account may enter, with a random password, and on no TCP port. Never runs two servers on one directory, never as
 * root.
 */
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { systemClock } from '../../kernel/clock.js';
import { StartError } from '../../kernel/errors.js';
import { ensureDataDirectory } from '../database/data-directory.js';
import type { StorageLog } from '../database/log.js';
import { type Account, canTraverse, findServerAccount } from './account.js';
import { prepareBinaries } from './binaries.js';
import {
  BUNDLED_NAME,
  checkVersion,
  chooseClusterHome,
  createCluster,
  findClusterHome,
  findClusterOwner,
  readPassword,
} from './cluster.js';
import { lockDataDirectory } from './data-lock.js';
import { hasCluster, type PostmasterOptions, readPostmasterFile, SOCKET_PORT, stopLeftover } from './postmaster.js';
import { type Supervised, startSupervised } from './supervise.js';

export interface BundledPostgresOptions {
  /** This server's data directory; created if missing. */
  readonly dataDir: string;
  readonly log: StorageLog;
  /** Server settings that override the built-in ones, for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface BundledPostgres {
  /** Connection string with the password: never log it. */
  readonly url: string;
  /** Shuts the database down and waits for its end. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Maximum length of a socket's path. `sun_path` holds 108 bytes on Linux and 104 elsewhere, including the final NUL.
 */
const SOCKET_PATH_BYTES = 103;

/**
 * Creates a directory of mode 0700 whose path is short enough for a socket: in the data directory, otherwise a new one
 * for temporary files.
 */
function makeSocketDirectory(home: string, account: Account | undefined): string {
  const preferred = join(home, 'run');
  let directory = preferred;
  if (Buffer.byteLength(join(preferred, `.s.PGSQL.${SOCKET_PORT}`)) > SOCKET_PATH_BYTES) {
    const parent = account === undefined || canTraverse(tmpdir(), account) ? tmpdir() : '/tmp';
    // Random characters in the name, so that nobody can have created the directory before.
    directory = mkdtempSync(join(parent, 'vestibule-'));
  } else {
    rmSync(preferred, { recursive: true, force: true });
    mkdirSync(preferred, { mode: 0o700 });
  }
  if (account !== undefined) chownSync(directory, account.uid, account.gid);
  return directory;
}

function connectionString(socketDirectory: string, password: string, database: string): string {
  const query = new URLSearchParams({ host: socketDirectory, port: String(SOCKET_PORT) });
  return `postgres://${BUNDLED_NAME}:${password}@localhost/${database}?${query}`;
}

/** Creates the database if it is missing, because an earlier first start may have been interrupted. */
async function ensureDatabase(socketDirectory: string, password: string): Promise<string> {
  const client = new pg.Client({ connectionString: connectionString(socketDirectory, password, 'postgres') });
  await client.connect();
  try {
    const found = await client.query('select from pg_database where datname = $1', [BUNDLED_NAME]);
    if (found.rowCount === 0) await client.query(`create database ${BUNDLED_NAME}`);
  } finally {
    await client.end();
  }
  return connectionString(socketDirectory, password, BUNDLED_NAME);
}

/** Removes the temporary socket directory that a killed start left behind. `run/` is recreated anyway. */
function removeLeftoverSockets(previous: string | undefined): void {
  // The path comes from a file that the database's account can write, so only a directory with such a name is removed.
  if (previous === undefined || !/^vestibule-[A-Za-z0-9]{6}$/.test(basename(previous))) return;
  if ([tmpdir(), '/tmp'].includes(dirname(previous))) rmSync(previous, { recursive: true, force: true });
}

interface Place {
  readonly home: string;
  readonly account: Account | undefined;
}

function choosePlace(dataDir: string, log: StorageLog): Place {
  const home = findClusterHome(dataDir);
  const owner = findClusterOwner(join(home, 'postgres'));
  const account = findServerAccount(owner);
  // Reuses a directory that an unfinished earlier start chose.
  if (owner === undefined) return { home: home === dataDir ? chooseClusterHome(dataDir, account, log) : home, account };
  if (account !== undefined && !canTraverse(home, account))
    throw new StartError(
      `PostgreSQL runs as ${account.name}, to whom the database in ${home} belongs but who cannot enter that directory any more. Permit passing through it (chmod o+x on it and the directories above).`,
    );
  return { home, account };
}

/** Prepares the database directory for a start, and returns the options of the server. */
async function prepareServer(dataDir: string, options: BundledPostgresOptions): Promise<PostmasterOptions> {
  const { log, settings = {} } = options;
  const { home, account } = choosePlace(dataDir, log);
  const pgData = join(home, 'postgres');
  const binaries = prepareBinaries(account, dataDir);
  const previous = readPostmasterFile(pgData)?.socketDirectory;
  if (hasCluster(pgData)) {
    checkVersion(pgData, binaries);
    await stopLeftover(pgData, log);
    removeLeftoverSockets(previous);
  } else {
    await createCluster(home, binaries, account);
  }
  const socketDirectory = makeSocketDirectory(home, account);
  return { program: binaries.postgres, pgData, socketDirectory, account, settings, log };
}

/**
 * Returns the connection string of a bundled server that another process runs on `dataDir`, or undefined when none
 * answers. For commands beside a running Vestibule.
 */
export async function findRunningPostgres(dataDir: string): Promise<string | undefined> {
  const pgData = join(findClusterHome(resolve(dataDir)), 'postgres');
  const file = readPostmasterFile(pgData);
  if (file?.status !== 'ready') return undefined;
  const url = connectionString(file.socketDirectory, readPassword(pgData), BUNDLED_NAME);
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return url;
  } catch {
    return undefined;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Starts the bundled server on `dataDir`, creating a database if there is none. Throws {@link StartError}. */
export async function startBundledPostgres(options: BundledPostgresOptions): Promise<BundledPostgres> {
  const dataDir = resolve(options.dataDir);
  ensureDataDirectory(dataDir);
  const lock = await lockDataDirectory(dataDir, systemClock);
  let server: Supervised | undefined;
  let socketDirectory: string | undefined;
  const stop = async () => {
    await server?.stop();
    if (socketDirectory !== undefined) rmSync(socketDirectory, { recursive: true, force: true });
    lock.release();
  };
  try {
    const prepared = await prepareServer(dataDir, options);
    socketDirectory = prepared.socketDirectory;
    server = await startSupervised(prepared);
    return { url: await ensureDatabase(socketDirectory, readPassword(prepared.pgData)), stop };
  } catch (error) {
    await stop();
    if (error instanceof StartError) throw error;
    throw new StartError(`The bundled PostgreSQL in ${dataDir} cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
