/**
 * The master key of a server that was not given one: 32 bytes in the data directory, created at the first start,
 * readable only by its owner. Never overwritten: without it all sealed values of the database are lost.
 */
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from '../../kernel/errors.js';
import { toFileReason } from '../../kernel/file-errors.js';
import { type Entropy, randomAlphanumeric } from '../../kernel/ids.js';
import { ensureDataDirectory, LOCATION_FILE } from '../database/data-directory.js';

const KEY_BYTES = 32;
const FILE_NAME = 'secret.key';

/**
 * Parses base64 of exactly 32 bytes, the format of VESTIBULE_SECRET_KEY, so that the file's content can be moved there.
 */
function parseKey(text: string): Buffer | undefined {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  return key.length === KEY_BYTES && key.toString('base64') === trimmed ? key : undefined;
}

function readKey(path: string): Buffer | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new StartError(
      `The secret key ${path} cannot be read: ${toFileReason(error, 'read', path)}. Run Vestibule as its owner.`,
      { cause: error },
    );
  }
  const key = parseKey(text);
  if (key === undefined)
    throw new StartError(
      `The secret key ${path} is damaged: it should be 32 bytes in base64. Restore it from a backup; without it the secrets in the database cannot be read.`,
    );
  // Attack: another account on the machine reads the key and decrypts the secrets of a stolen backup.
  if ((statSync(path).mode & 0o077) !== 0)
    throw new StartError(`The secret key ${path} can be read by other accounts. Make it private: chmod 600 ${path}`);
  return key;
}

/** Syncs the file's folder: without that, the name of a new file may be lost in a crash. */
function syncFolderOf(path: string): void {
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * Creates the file completely or not at all: written and synced under another name, then linked, which fails when the
 * name exists. Of two concurrent first starts the second uses the first one's key.
 */
function createKey(path: string, entropy: Entropy): void {
  const unfinished = `${path}.${randomAlphanumeric(entropy, 8)}`;
  try {
    const file = openSync(unfinished, 'wx', 0o600);
    try {
      writeFileSync(file, `${entropy.bytes(KEY_BYTES).toString('base64')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(unfinished, path);
    syncFolderOf(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw new StartError(
      `The secret key ${path} cannot be made: ${toFileReason(error, 'write', path)}. Permit it or free some space, or set VESTIBULE_SECRET_KEY (openssl rand -base64 32).`,
      { cause: error },
    );
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/**
 * Refuses to create a key for an existing database: the server would start, but could open none of its secrets. Throws
 * {@link StartError}.
 */
function checkNoDatabase(dataDir: string, path: string): void {
  if (!['postgres', LOCATION_FILE].some((name) => existsSync(join(dataDir, name)))) return;
  throw new StartError(
    `The secret key ${path} is missing, but ${dataDir} holds a database that was made with one. Restore it from a backup, or set VESTIBULE_SECRET_KEY as before; to start with an empty database, remove ${dataDir}.`,
  );
}

/**
 * Returns the 32 bytes of the data directory's key, created if directory and database are new. Throws {@link
 * StartError}.
 */
export function getSecretKey(dataDir: string, entropy: Entropy): Buffer {
  ensureDataDirectory(dataDir);
  const path = join(dataDir, FILE_NAME);
  const existing = readKey(path);
  if (existing !== undefined) return existing;
  checkNoDatabase(dataDir, path);
  createKey(path, entropy);
  const made = readKey(path);
  if (made === undefined) throw new StartError(`The secret key ${path} disappeared while it was made. Start again.`);
  return made;
}
