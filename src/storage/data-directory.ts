/** The directory named by VESTIBULE_DATA_DIR. Never removes or rewrites anything in it. */
import { mkdirSync } from 'node:fs';
import { StartError } from '../kernel/errors.js';

/** In the data directory when the database had to be kept elsewhere: the path of where. */
export const LOCATION_FILE = 'postgres-location';

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
}
