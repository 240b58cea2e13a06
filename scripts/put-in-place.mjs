/**
 * Moves the result of a build into place. A build writes everything into another folder (`makeAside`), and then renames
 * that to its target (`putInPlace`). Never writes or deletes inside a folder that is in use: so two builds at once do
 * not take files from each other, and a running process finds either the old files or the new ones. Plain JavaScript,
 * because nothing is built yet.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Creates an empty folder in `root`. It is outside dist/, so the remains of a killed build are never packed. It is on
 * the same disk and at the same depth as dist/, because source maps contain relative paths.
 */
export const makeAside = (root) => mkdtempSync(join(root, '.build-'));

/** Moves the file or folder `target` away, if it exists. `to` is a name next to it that nobody else uses. */
function takeAway(target, to) {
  try {
    renameSync(target, to);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Moves the folder or file `made` to `target`. If another build did so at the same moment, deletes `made` instead. */
export function putInPlace(made, target) {
  const old = `${made}.old`;
  mkdirSync(dirname(target), { recursive: true });
  takeAway(target, old);
  try {
    renameSync(made, target);
  } catch (error) {
    // Another build was faster. Both results are the same, because the sources are.
    if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    rmSync(made, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

/** Deletes `target`, which disappears at once. `aside` is a folder of `makeAside`. */
export function removeAtOnce(target, aside) {
  const old = join(mkdtempSync(join(aside, 'gone-')), 'old');
  takeAway(target, old);
  rmSync(old, { recursive: true, force: true });
}
