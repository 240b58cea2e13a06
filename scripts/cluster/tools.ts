/**
 * Finds the programs of others that the cluster consists of, and says how to install what is missing. Installs nothing
 * but Patroni, from PyPI, into a folder of the cluster. Changes nothing else on this machine.
 */
import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Patroni 4: docs/guides/cluster.md says why not the 3.0.2 of Debian 12. */
const PATRONI = ['patroni[etcd3]==4.1.5', 'psycopg[binary]==3.3.9'];
/** The programs that Patroni starts, and those of people. */
const OF_POSTGRESQL = [
  'postgres',
  'pg_ctl',
  'initdb',
  'pg_basebackup',
  'pg_rewind',
  'pg_controldata',
  'pg_isready',
  'psql',
];
const FOLDERS = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/sbin', '/usr/bin'];

/** How to install what is missing. */
export const INSTALL = `apt-get install --no-install-recommends etcd-server haproxy pgbouncer postgresql python3-venv
Debian starts them as services, which nothing here needs:
systemctl disable --now etcd haproxy pgbouncer postgresql`;

export interface Tools {
  readonly etcd: string;
  readonly haproxy: string;
  readonly pgbouncer: string;
  /** Folder of PostgreSQL's programs. */
  readonly postgresql: string;
  /** Debian's Python: another account has to be able to run it. */
  readonly python: string;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns the path of a program; undefined if it is not installed. */
export const findProgram = (name: string) => FOLDERS.map((folder) => join(folder, name)).find(isProgram);

/** Returns the newest installed PostgreSQL that has all programs. */
export function findPostgresql(): string | undefined {
  const home = '/usr/lib/postgresql';
  const versions = existsSync(home) ? readdirSync(home).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [...versions.map((version) => join(home, version, 'bin')), ...FOLDERS];
  return folders.find((folder) => OF_POSTGRESQL.every((name) => isProgram(join(folder, name))));
}

/** Returns the programs, or the names of those that are missing. */
export function findTools(): Tools | readonly string[] {
  const found = {
    etcd: findProgram('etcd'),
    haproxy: findProgram('haproxy'),
    pgbouncer: findProgram('pgbouncer'),
    postgresql: findPostgresql(),
    python: ['/usr/bin/python3'].find(isProgram),
  };
  const missing = Object.entries(found).filter(([, path]) => path === undefined);
  return missing.length > 0 ? missing.map(([name]) => name) : (found as Tools);
}

/** Installs Patroni into `folder`, unless it is there. Returns the folder of its programs. Throws with pip's output. */
export async function installPatroni(folder: string, { python }: Tools): Promise<string> {
  const programs = join(folder, 'bin');
  const [, wanted = ''] = PATRONI[0]?.split('==') ?? [];
  const isThere = isProgram(join(programs, 'patroni')) && (await versionOf(join(programs, 'patroni'))).includes(wanted);
  if (isThere) return programs;
  rmSync(folder, { recursive: true, force: true });
  await run(python, ['-m', 'venv', folder]);
  await run(join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...PATRONI]);
  return programs;
}

async function versionOf(program: string, option = '--version'): Promise<string> {
  const { stdout, stderr } = await run(program, [option]);
  return (stdout + stderr).split('\n')[0] ?? '';
}

/** Returns the versions of all tools, for the heading of the table: `PostgreSQL 15.14, Patroni 4.1.5, …`. */
export async function readVersions(tools: Tools, patroni: string): Promise<string> {
  const lines = [
    ['PostgreSQL', await versionOf(join(tools.postgresql, 'postgres'))],
    ['Patroni', await versionOf(join(patroni, 'patroni'))],
    ['etcd', await versionOf(tools.etcd)],
    ['PgBouncer', await versionOf(tools.pgbouncer)],
    ['HAProxy', await versionOf(tools.haproxy, '-v')],
  ] as const;
  return lines.map(([name, line]) => `${name} ${/\d+(?:\.\d+)+/.exec(line)?.[0] ?? '?'}`).join(', ');
}

/** An account of this machine, by its numbers. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Returns the account for PostgreSQL, which refuses root: Debian's `postgres`. Undefined if this process is not root:
 * then everything has its account.
 */
export function findAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const ask = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
  return { uid: ask('-u'), gid: ask('-g') };
}
