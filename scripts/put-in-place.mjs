/**
 * How each build puts what it made into its place: it makes the whole aside (`makeAside`), and only then renames it over what was there (`putInPlace`).
 * Never writes or deletes inside of a folder that stands in its place, so that of two builds at once neither takes files from the other, and a
 * process that runs meanwhile finds the old files or the new ones. Plain JavaScript, because nothing is built yet.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Makes an empty folder in `root`: beside dist/, so that what a killed build leaves is never packed, on the same disk, and as deep as dist/ is, because
 * source maps say where the sources are from there.
 */
export const makeAside = (root) => mkdtempSync(join(root, '.build-'));

/** Takes what is at `target` away, if there is something. `to` is a name beside it that nobody else uses. */
function takeAway(target, to) {
  try {
    renameSync(target, to);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Puts the folder or file `made` at `target`. A build that put its own there at the same moment wins; `made` is then deleted. */
export function putInPlace(made, target) {
  const old = `${made}.old`;
  mkdirSync(dirname(target), { recursive: true });
  takeAway(target, old);
  try {
    renameSync(made, target);
  } catch (error) {
    // Between the two lines above, another build came first. Both made the same from the same sources.
    if (!['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    rmSync(made, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

/** Deletes `target`, which is gone from its place at once. `aside` is a folder of `makeAside`. */
export function removeAtOnce(target, aside) {
  const old = join(mkdtempSync(join(aside, 'gone-')), 'old');
  takeAway(target, old);
  rmSync(old, { recursive: true, force: true });
}
