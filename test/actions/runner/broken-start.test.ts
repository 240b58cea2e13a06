/** A package that was there when the server started and is not there any more: an error of that login, never the end of the server. */
import { expect, test, vi } from 'vitest';
import { login, run, startRunner, toProgram } from './support.js';

vi.mock('../../../src/actions/runner/bundles.js', async (original) => {
  const real = await original<typeof import('../../../src/actions/runner/bundles.js')>();
  return {
    ...real,
    getBundle(name: string) {
      if (name === 'lodash') throw new Error(`ENOENT: no such file or directory, open '${name}.cjs'`);
      return real.getBundle(name);
    },
  };
});

test('who needs a package that cannot be read is told at once, and the next Action runs', async () => {
  const warnings: unknown[] = [];
  const runner = startRunner({ log: { debug: () => {}, info: () => {}, warn: (fields) => warnings.push(fields) } });
  try {
    const dependencies = [{ name: 'lodash', version: '4.17.21' }];
    const { end } = await run(runner, toProgram('post-login', { code: login(`require('lodash');`), dependencies }));
    expect(end).toMatchObject({ kind: 'failed', failure: 'died' });
    expect(warnings).toContainEqual(
      expect.objectContaining({ stderr: expect.stringContaining('lodash.cjs') as string }),
    );
    expect((await run(runner, toProgram('post-login', login('')))).end).toEqual({ kind: 'done' });
  } finally {
    await runner.close();
  }
});
