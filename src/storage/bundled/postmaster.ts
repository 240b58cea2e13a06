/**
 * One PostgreSQL server process: starts it, detects when it is ready, stops it, and cleans up after one that an earlier
 * Vestibule left behind. Signals only processes that are verified to be PostgreSQL on this very directory.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { StartError } from '../../kernel/errors.js';
import type { StorageLog } from '../database/log.js';
import { type Account, spawnIdentity } from './account.js';
import { SERVER_ENVIRONMENT, toStartError } from './cluster.js';
import { findProcess, isTaken, pause } from './processes.js';

/** Setting that marks this program's servers on their command line. */
const CLUSTER_NAME = 'cluster_name=vestibule';

/** Port in the socket's file name. Nothing listens on TCP. */
export const SOCKET_PORT = 5432;

/** Settings of a small server beside its application; tests may override each. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  shared_buffers: '64MB',
  max_connections: '64',
  max_wal_size: '256MB',
  min_wal_size: '64MB',
  io_method: 'sync',
  jit: 'off',
  autovacuum_max_workers: '2',
  autovacuum_worker_slots: '2',
  max_parallel_workers_per_gather: '0',
  log_timezone: 'UTC',
  timezone: 'UTC',
  lc_messages: 'C',
};

export interface PostmasterFile {
  readonly pid: number;
  readonly socketDirectory: string;
  /** `starting`, `ready`, `stopping`, `standby`; empty while the file is being written. */
  readonly status: string;
}

/**
 * Reads `postmaster.pid` of a database directory (PostgreSQL documentation, "Database File Layout"). Undefined when
 * there is none.
 */
export function readPostmasterFile(pgData: string): PostmasterFile | undefined {
  let lines: string[];
  try {
    lines = readFileSync(join(pgData, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return undefined;
  }
  return {
    // The pid of a single-user server is negative.
    pid: Math.abs(Number(lines[0])),
    socketDirectory: lines[4] ?? '',
    status: (lines[7] ?? '').trim(),
  };
}

async function waitForEnd(pid: number, startedAt: string, timeoutMs: number): Promise<boolean> {
  for (let waited = 0; waited < timeoutMs; waited += 20) {
    if ((await findProcess(pid))?.startedAt !== startedAt) return true;
    await pause(20);
  }
  return false;
}

/**
 * Frees `pgData` for a new server. Stops a server that a killed Vestibule left running (no committed data is lost).
 * Removes a pid file that names another process, as after a reboot or in a new container, because PostgreSQL would take
 * that process for its predecessor. Throws {@link StartError} for a server of another program.
 */
export async function stopLeftover(pgData: string, log: StorageLog): Promise<void> {
  const file = readPostmasterFile(pgData);
  if (file === undefined) return;
  const found = await findProcess(file.pid);
  if (found === undefined) {
    // PostgreSQL itself replaces the file of a dead server, but takes a zombie (dead, not yet reaped) for alive. With
    // or without this file it checks by the shared memory that no child of that server is left.
    if (isTaken(file.pid)) rmSync(join(pgData, 'postmaster.pid'), { force: true });
    return;
  }
  const here = realpathSync(pgData);
  const isServer =
    /\bpostgres\b/.test(found.command) &&
    (found.workingDirectory === here || (found.workingDirectory === '' && found.command.includes(pgData)));
  if (!isServer) {
    log.info({ postmaster: file.pid }, 'removing a stale postmaster.pid: its pid belongs to another program now');
    rmSync(join(pgData, 'postmaster.pid'), { force: true });
    return;
  }
  if (!found.command.includes(CLUSTER_NAME))
    throw new StartError(
      `A PostgreSQL server that Vestibule did not start (pid ${file.pid}) uses ${pgData}. Stop it (pg_ctl stop -D ${pgData}) and start again.`,
    );
  log.warn({ postmaster: file.pid }, 'stopping the database server that a killed Vestibule left behind');
  process.kill(file.pid, 'SIGINT');
  if (await waitForEnd(file.pid, found.startedAt, 10_000)) return;
  process.kill(file.pid, 'SIGQUIT');
  if (await waitForEnd(file.pid, found.startedAt, 10_000)) return;
  throw new StartError(
    `The database server (pid ${file.pid}) that a killed Vestibule left behind does not stop. End it (kill -QUIT ${file.pid}) and start again.`,
  );
}

export interface PostmasterOptions {
  readonly program: string;
  readonly pgData: string;
  readonly socketDirectory: string;
  readonly account: Account | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: StorageLog;
}

export interface Postmaster {
  readonly pid: number;
  /** Resolves when the database's process has exited, for any reason. */
  readonly ended: Promise<void>;
  /**
   * Stops the database by a fast shutdown: rolls back open transactions, then writes a checkpoint. After 15 s stops it
   * without a checkpoint (crash recovery at the next start).
   */
  stop(): Promise<void>;
}

/**
 * Forwards PostgreSQL's log from stderr to ours, line by line. Returns a function that gives the last 8192 characters
 * of it.
 */
function followOutput(child: ChildProcess, log: StorageLog): () => string {
  let tail = '';
  child.on('error', (error) => {
    tail += String(error);
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    const text = chunk.toString('utf8');
    tail = (tail + text).slice(-8192);
    for (const line of text.split('\n')) {
      if (line.trim() === '') continue;
      // Expected: a server that is being stopped ends its connections with this message. The pool logs connections that
      // were lost for other reasons.
      const ended = line.includes('terminating connection due to administrator command');
      if (!ended && / (PANIC|FATAL): /.test(line)) log.warn({ postgres: line }, 'database server');
      else log.debug({ postgres: line }, 'database server');
    }
  });
  return () => tail;
}

function spawnServer(options: PostmasterOptions): ChildProcess {
  // Quoted, since the setting is a list: a comma in the path would split it into two entries.
  const socketDirectories = `"${options.socketDirectory.replaceAll('"', '""')}"`;
  const settings = { ...SETTINGS, ...options.settings, unix_socket_directories: socketDirectories };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(
    options.program,
    ['-D', options.pgData, '-p', String(SOCKET_PORT), '-c', CLUSTER_NAME, ...flags],
    {
      cwd: '/',
      env: SERVER_ENVIRONMENT,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Starts the database in a separate process group: Ctrl-C in the terminal must reach only this process, which
      // then stops the database in order.
      detached: true,
      ...spawnIdentity(options.account),
    },
  );
  // Lets a command exit that forgot to call `stop`.
  child.unref();
  (child.stderr as Socket | null)?.unref();
  return child;
}

/** Starts the server and returns it once it accepts connections. Throws {@link StartError} with PostgreSQL's reason. */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const child = spawnServer(options);
  const lastWords = followOutput(child, options.log);
  let running = true;
  const ended = new Promise<void>((resolve) => {
    child.on('error', () => resolve());
    child.on('close', () => resolve());
  }).then(() => {
    running = false;
  });
  // Stops the database also when the process exits by `process.exit` without `stop`, so that nothing keeps running.
  const stopAtExit = () => {
    if (running) child.kill('SIGINT');
  };
  process.on('exit', stopAtExit);
  void ended.then(() => process.off('exit', stopAtExit));
  const pid = child.pid ?? -1;
  // Waits without a time limit: recovery after a crash may take long, and leads to a ready server or an exited process.
  for (;;) {
    const file = readPostmasterFile(options.pgData);
    if (running && file?.pid === pid && file.status === 'ready') break;
    if (!running) throw toStartError(lastWords(), options.pgData);
    await pause(10);
  }
  return { pid, ended, stop: () => stopChild(child, ended) };
}

async function stopChild(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.ref();
  child.kill('SIGINT');
  const timer = setTimeout(() => child.kill('SIGQUIT'), 15_000);
  await ended;
  clearTimeout(timer);
}

/** True when `pgData` holds a finished database directory. */
export function hasCluster(pgData: string): boolean {
  return existsSync(join(pgData, 'PG_VERSION'));
}
