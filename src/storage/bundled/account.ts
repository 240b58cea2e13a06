/**
 * Chooses the operating system account that runs the bundled PostgreSQL, which refuses to run as root. A server started
 * as root runs it under an unprivileged account; every other server runs it under its own account. Never creates an
 * account, never changes the owner of a file that it was not given.
 */
import { readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from '../../kernel/errors.js';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Accounts that may run the database, the preferred first: one created for this server, that of PostgreSQL's packages,
 * and `nobody`, which owns no files.
 */
const CANDIDATES = ['vestibule', 'postgres', 'nobody'];

function readAccounts(): readonly Account[] {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [name = '', , uid = '', gid = ''] = line.split(':');
    return /^\d+$/.test(uid) && /^\d+$/.test(gid) ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
}

/**
 * Returns the account that is to run PostgreSQL, or undefined when this process is not root. `clusterOwner` is the uid
 * that owns an existing database directory: it must not change. Throws {@link StartError} when there is no suitable
 * account.
 */
export function findServerAccount(clusterOwner: number | undefined): Account | undefined {
  if (process.getuid?.() !== 0) {
    if (clusterOwner !== undefined && clusterOwner !== process.getuid?.())
      throw new StartError(
        `The database directory belongs to uid ${clusterOwner}, this process runs as uid ${process.getuid?.()}. Run Vestibule as its owner, or give the data directory to this user (chown -R).`,
      );
    return undefined;
  }
  const accounts = readAccounts().filter((account) => account.uid !== 0);
  const wanted = clusterOwner === undefined || clusterOwner === 0 ? CANDIDATES : undefined;
  const found =
    wanted === undefined
      ? accounts.find((account) => account.uid === clusterOwner)
      : wanted.flatMap((name) => accounts.find((account) => account.name === name) ?? [])[0];
  if (found !== undefined) return found;
  throw new StartError(
    wanted === undefined
      ? `The database directory belongs to uid ${clusterOwner}, which has no account on this machine; PostgreSQL needs one. Create it (useradd --uid ${clusterOwner} vestibule), or give the directory to another account.`
      : 'Vestibule runs as root, PostgreSQL refuses to, and there is no account to run it as. Create one (useradd --system vestibule), run Vestibule as another user, or set DATABASE_URL.',
  );
}

function allows(stats: Stats, account: Account, bits: { owner: number; group: number; other: number }): boolean {
  if (stats.uid === account.uid) return (stats.mode & bits.owner) !== 0;
  if (stats.gid === account.gid) return (stats.mode & bits.group) !== 0;
  return (stats.mode & bits.other) !== 0;
}

/** True when `account` may pass through `directory` and all directories above it. Reads mode bits, not access lists. */
export function canTraverse(directory: string, account: Account): boolean {
  for (let path = realpathSync(directory); ; path = dirname(path)) {
    if (!allows(statSync(path), account, { owner: 0o100, group: 0o010, other: 0o001 })) return false;
    if (dirname(path) === path) return true;
  }
}

/** True when `account` may read `file` and pass through the directories above it. */
export function canRead(file: string, account: Account): boolean {
  return (
    canTraverse(dirname(file), account) && allows(statSync(file), account, { owner: 0o400, group: 0o040, other: 0o004 })
  );
}

/** Returns options for `spawn`, empty when the process keeps its own account. */
export function spawnIdentity(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}
