/** A data directory that this process may not use is named with its owner and with the way out, before anything fails in it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'vestibule-owner-'));
chmodSync(root, 0o755);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const module = fileURLToPath(new URL('../../src/storage/database/data-directory.ts', import.meta.url));
/** Root may enter everything: as root the question is asked by another user, after the program was loaded. */
const isRoot = process.getuid?.() === 0;
const NOBODY = 65_534;
const ask = (dataDir: string) =>
  execFileSync(
    process.execPath,
    [
      '--import',
      'tsx',
      '-e',
      `import(${JSON.stringify(module)}).then(({ ensureDataDirectory }) => {
        if (${isRoot}) process.setuid(${NOBODY});
        try { ensureDataDirectory(${JSON.stringify(dataDir)}); console.log('usable'); }
        catch (error) { console.log(error.name, error.message); }
      })`,
    ],
    { encoding: 'utf8', cwd: fileURLToPath(new URL('../..', import.meta.url)) },
  );

function make(name: string, mode: number): string {
  const directory = join(root, name);
  mkdirSync(directory);
  if (isRoot) chownSync(directory, NOBODY, NOBODY);
  chmodSync(directory, mode);
  return directory;
}

test('one that can be used is', () => {
  expect(ask(make('usable', 0o700))).toBe('usable\n');
});

test('one that does not let its owner in: says so, with the command that mends it', () => {
  const directory = make('closed', 0o500);
  const said = ask(directory);
  expect(said).toContain('StartError');
  expect(said).toContain(`chmod u+rwx ${directory}`);
});

test.skipIf(!isRoot)('one of another owner: names the owner and this user, and the three ways out (needs root)', () => {
  const directory = join(root, 'of-root');
  mkdirSync(directory, { mode: 0o711 });
  const said = ask(directory);
  expect(said).toContain(`${directory} belongs to uid 0, and this process runs as uid ${NOBODY}`);
  for (const way of ['Run Vestibule as its owner', `chown -R ${NOBODY} ${directory}`, 'VESTIBULE_DATA_DIR'])
    expect(said).toContain(way);
});
