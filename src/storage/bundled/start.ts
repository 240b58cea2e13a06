/**
 * The bundled PostgreSQL, from nothing to a connection string. Listens on a unix socket in a directory that only its
 * account may enter, with a random password, and on no TCP port. Never runs two servers on one directory, never as root.
 */
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { StartError } from '../../kernel/errors.js';
import type { StorageLog } from '../log.js';
import { type Account, canTraverse, findServerAccount } from './account.js';
import { prepareBinaries } from './binaries.js';
import {
  BUNDLED_NAME,
  checkVersion,
  chooseClusterHome,
  createCluster,
  ensureDataDirectory,
  findClusterHome,
  findClusterOwner,
  readPassword,
} from './cluster.js';
import { hasCluster, SOCKET_PORT, startPostmaster, stopLeftover } from './postmaster.js';

export interface BundledPostgresOptions {
  /** Made if it does not exist. */
  readonly dataDir: string;
  readonly log: StorageLog;
  /** Server settings on top of the built-in ones; for tests. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface BundledPostgres {
  /** With the password in it: never log it. */
  readonly url: string;
  /** Stops the server in order. May be called twice. */
  stop(): Promise<void>;
}

/** `sun_path` holds 108 bytes on Linux and 104 elsewhere, the final NUL included. */
const SOCKET_PATH_BYTES = 103;

/** A directory of mode 0700 whose name is short enough for a socket: in the data directory, else a new one for temporary files. */
function makeSocketDirectory(home: string, account: Account | undefined): string {
  const preferred = join(home, 'run');
  let directory = preferred;
  if (Buffer.byteLength(join(preferred, `.s.PGSQL.${SOCKET_PORT}`)) > SOCKET_PATH_BYTES) {
    const parent = account === undefined || canTraverse(tmpdir(), account) ? tmpdir() : '/tmp';
    // A new name with random characters: nobody can have put a directory of theirs there before.
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

async function runOnce(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Makes sure that the database exists: a first start may have been interrupted before it did. */
async function ensureDatabase(socketDirectory: string, password: string): Promise<string> {
  const url = connectionString(socketDirectory, password, BUNDLED_NAME);
  try {
    await runOnce(url, 'select 1');
  } catch (error) {
    if ((error as { code?: string }).code !== '3D000') throw error;
    await runOnce(connectionString(socketDirectory, password, 'postgres'), `create database ${BUNDLED_NAME}`);
  }
  return url;
}

/** Starts the bundled server on `dataDir`, making a database there if there is none. Throws {@link StartError}. */
export async function startBundledPostgres(options: BundledPostgresOptions): Promise<BundledPostgres> {
  const { log } = options;
  const dataDir = resolve(options.dataDir);
  ensureDataDirectory(dataDir);
  const existingHome = findClusterHome(dataDir);
  const owner = findClusterOwner(join(existingHome, 'postgres'));
  const account = findServerAccount(owner);
  const home =
    owner === undefined && existingHome === dataDir ? chooseClusterHome(dataDir, account, log) : existingHome;
  const pgData = join(home, 'postgres');
  const binaries = prepareBinaries(account, dataDir);
  if (hasCluster(pgData)) {
    checkVersion(pgData, binaries);
    await stopLeftover(pgData, log);
  } else {
    await createCluster(home, binaries, account);
  }
  const password = readPassword(pgData);
  const socketDirectory = makeSocketDirectory(home, account);
  const postmaster = await startPostmaster({
    program: binaries.postgres,
    pgData,
    socketDirectory,
    account,
    settings: options.settings ?? {},
    log,
  });
  const stop = async () => {
    await postmaster.stop();
    rmSync(socketDirectory, { recursive: true, force: true });
  };
  try {
    return { url: await ensureDatabase(socketDirectory, password), stop };
  } catch (error) {
    await stop();
    throw new StartError(`The bundled PostgreSQL started but cannot be used: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
