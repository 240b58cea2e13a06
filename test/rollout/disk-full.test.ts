/** The disk of the tool is full in the middle of an apply: it says so with the remedy, and with space it goes on as if nothing had happened. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isWrite } from '../support/api-proxy.js';
import { COMPILED } from '../support/compiled.js';
import { ALL_SETTINGS, type RolloutRig, startRolloutRig } from '../support/rollout-rig.js';
import { useStage } from '../support/stage.js';

const stage = useStage();
let rig: RolloutRig;
beforeAll(async () => {
  rig = await startRolloutRig(stage, 24);
  await rig.makePlan(...ALL_SETTINGS);
});
afterAll(() => rig?.stop());

/** The command as a process whose files may have so many kilobytes; a write beyond that fails, after a part of it was done. */
async function runWithFilesOf(kilobytes: number, ...args: string[]): Promise<{ code: number | null; stderr: string }> {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const command = ['node', ...COMPILED, 'rollout', ...args];
  const limited = `trap '' XFSZ; ulimit -f ${kilobytes}; exec "$@"`;
  const child = spawn('bash', ['-c', limited, 'bash', ...command], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...rig.env },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, stderr };
}

test('nothing is sent that is not on the disk, and the next run ends the same', async () => {
  const before = await rig.digest();
  await rig.apply();
  const applied = await rig.reached();
  await rig.rollBack();
  await rig.reset();

  const { code, stderr } = await runWithFilesOf(1, 'apply', rig.planFile);
  expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('goes on where it was') });
  expect(stderr).not.toMatch(/^ {4}at /m);
  const journal = await readFile(`${rig.planFile}.journal`, 'utf8');
  expect(journal.length).toBe(1024);
  // The line that did not fit is torn; the request that it stands before was not sent.
  expect(journal.endsWith('\n')).toBe(false);
  const whole = journal.split('\n').slice(1, -1);
  const begun = whole.filter((line) => line.includes('"mark":"begun"')).length;
  expect(rig.proxy.seen.filter(isWrite).length).toBeLessThanOrEqual(begun);
  expect((await rig.run('status', rig.planFile)).code).toBe(0);

  expect(await rig.apply()).toEqual({ later: [], moved: [], lockedOut: [], stopped: false });
  expect(await rig.reached()).toBe(applied);
  await rig.rollBack();
  expect(await rig.digest()).toBe(before);
}, 60_000);
