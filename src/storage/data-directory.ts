/** The directory named by VESTIBULE_DATA_DIR. Never removes or rewrites anything in it. */
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { StartError } from '../kernel/errors.js';

/** In the data directory when the database had to be kept elsewhere: the path of where. */
export const LOCATION_FILE = 'postgres-location';

/** Who this process is, for a message. */
const self = () => `this process runs as uid ${process.getuid?.() ?? '?'}`;

/** Another owner's directory is named as such: what fails in it later would say no more than "permission denied". */
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

/** Makes the data directory, passable (not listable) for the database's account when root makes it. */
export function ensureDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  } catch (error) {
    throw new StartError(
      `The data directory ${dataDir} cannot be made: ${(error as Error).message}. Choose another one with VESTIBULE_DATA_DIR.`,
      { cause: error },
    );
  }
  checkUsable(dataDir);
}
