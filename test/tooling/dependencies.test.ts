/** The packages that a checkout installs run on the oldest Node that we promise, and the npm of that Node accepts the lock. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Locked {
  readonly engines?: { readonly node?: string };
}

const read = (path: string) => JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
const floorOf = (range: string | undefined) => Number(/^>= ?(\d+)/.exec(range ?? '')?.[1] ?? 0);

test('no package asks for a newer Node than our own engines do', () => {
  const { engines } = read('package.json') as Required<Locked>;
  const { packages } = read('package-lock.json') as { packages: Readonly<Record<string, Locked>> };
  const ours = floorOf(engines.node);
  expect(ours).toBe(20);
  const newer = Object.entries(packages).filter(
    ([, locked]) => !locked.engines?.node?.includes('||') && floorOf(locked.engines?.node) > ours,
  );
  expect(newer.map(([path]) => path)).toEqual([]);
});

// npm 9 and 10, of Node 20 and 22, want optional peers that fit in the lock; npm 11 writes it without them, and `npm ci` of the older ones refuses it.
test('no package of the lock has another version than its dependents ask for, optional peers too', () => {
  const args = ['ls', '--package-lock-only', '--all', '--json'];
  const { stdout } = spawnSync('npm', args, {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    encoding: 'utf8',
    maxBuffer: 1 << 27,
  });
  const { problems, name } = JSON.parse(stdout) as { readonly problems?: readonly string[]; readonly name: string };
  expect(name).toBe('vestibule');
  expect(problems ?? []).toEqual([]);
}, 120_000);
