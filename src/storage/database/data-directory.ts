/** The directory named by VESTIBULE_DATA_DIR. Never removes or rewrites anything in it. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { StartError } from '../../kernel/errors.js';
import { toFileReason } from '../../kernel/file-errors.js';

/** File in the data directory that holds the path of a database kept elsewhere. */
export const LOCATION_FILE = 'postgres-location';

/** Describes the account of this process, for an error message. */
const self = () => `this process runs as uid ${process.getuid?.() ?? '?'}`;

/**
 * Throws an error that names the owner when the directory cannot be used: later failures would only say "permission
 * denied".
 */
function checkUsable(dataDir: string): void {
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { uid } = statSync(dataDir);
    const owner = uid === process.getuid?.() ? 'does not let its owner in' : `belongs to uid ${uid}`;
    const wayOut =
      uid === process.getuid?.()
        ? `Permit it (chmod u+rwx ${dataDir})`
        : `Run Vestibule as its owner, give the directory to this user (chown -R ${process.getuid?.() ?? 'USER'} ${dataDir})`;
    throw new StartError(
      `The data directory ${dataDir} ${owner}, and ${self()}. ${wayOut}, or choose another one with VESTIBULE_DATA_DIR.`,
      { cause: error },
    );
  }
}

/**
 * Creates the data directory. When root creates it, the database's account may pass through it, but not list it. Throws
 * {@link StartError}.
 */
export function ensureDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  } catch (error) {
    throw new StartError(
      `The data directory ${dataDir} cannot be made: ${toFileReason(error, 'write', dataDir)}. Choose another one with VESTIBULE_DATA_DIR.`,
      { cause: error },
    );
  }
  checkUsable(dataDir);
}
