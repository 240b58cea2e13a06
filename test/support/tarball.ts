/**
 * The packed tarball, made once in a run of the tests: packing builds dist/ and the documentation, takes a minute, and must not happen twice at the same
 * time in one checkout. Never leaves a file: the folder belongs to the run (global-setup.ts).
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Longer than packing takes on a machine that does ten other things; for a hook that waits for it. */
export const PACK_MS = 900_000;

/** True for the one test file that is to pack. */
function isFirst(folder: string): boolean {
  try {
    mkdirSync(join(folder, 'begun'));
    return true;
  } catch {
    return false;
  }
}

/** Path of the tarball of this checkout. Throws with what `npm pack` said when it fails, in each file that asks. */
export async function packOnce(): Promise<string> {
  const folder = inject('packFolder');
  const result = join(folder, 'result.json');
  if (isFirst(folder)) {
    const said = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root }).then(
      ({ stdout }) => ({ tarball: join(folder, /"filename": "([^"]+)"/.exec(stdout)?.[1] ?? '') }),
      (error: unknown) => ({ failure: String(error) }),
    );
    // Renamed, so that nobody reads half of it.
    writeFileSync(`${result}.new`, JSON.stringify(said));
    renameSync(`${result}.new`, result);
  }
  while (!existsSync(result)) await sleep(200);
  const { tarball, failure } = JSON.parse(readFileSync(result, 'utf8')) as { tarball?: string; failure?: string };
  if (tarball === undefined) throw new Error(`npm pack failed: ${failure}`);
  return tarball;
}
