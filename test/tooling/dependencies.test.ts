/** The packages that a checkout installs run on the oldest Node that we promise. */
import { readFileSync } from 'node:fs';
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
