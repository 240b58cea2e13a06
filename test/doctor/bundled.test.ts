/** `vestibule doctor` and the bundled database: beside the server, without it, and where there is none yet. */
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { judgeDisk } from '../../src/cli/doctor/database.js';
import { judgeActions } from '../../src/cli/doctor/machine.js';
import { startServer } from '../../src/compose/server.js';
import { parseConfig } from '../../src/config/config.js';
import { runDoctor } from '../support/doctor.js';
import { findFreePort } from '../support/instance.js';
import { reapAfterUs } from '../support/reaper.js';

let dataDir: string;
let over: () => void;
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vestibule-doctor-'));
  chmodSync(dataDir, 0o711);
  over = reapAfterUs({ dataDir });
});
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true });
  over();
});

test('case=where nothing is yet, nothing is made', async () => {
  const nowhere = join(dataDir, 'nowhere');
  const { code, of } = await runDoctor({ VESTIBULE_DATA_DIR: nowhere, PORT: '9' });
  expect(of('database')).toMatchObject([{ state: 'skip', found: expect.stringContaining('There is no database in') }]);
  for (const area of ['keys', 'owner', 'connections', 'outside']) expect(of(area)).toMatchObject([{ state: 'skip' }]);
  expect(code).toBe(0);
  expect(existsSync(nowhere)).toBe(false);
});

// Two starts of PostgreSQL: a deadline for what hangs, not a measure.
test('case=beside the server, and after its end with the database started alone', async () => {
  const home = join(dataDir, 'home');
  const env = { VESTIBULE_DATA_DIR: home, PORT: String(await findFreePort()) };
  const server = await startServer(parseConfig(env), { logger: pino({ level: 'silent' }) });
  try {
    const beside = await runDoctor(env);
    expect(beside.of('database')).toMatchObject([{ state: 'ok' }]);
    expect(beside.of('disk')).toMatchObject([
      { state: expect.stringMatching(/ok|warn/), found: expect.stringContaining('MB are free') },
    ]);
    expect(beside.of('outside')).toMatchObject([{ state: 'ok' }]);
    expect(beside.code).toBe(0);
  } finally {
    await server.close();
  }
  const alone = await runDoctor(env);
  expect(alone.of('database')).toMatchObject([{ state: 'ok' }]);
  expect(alone.of('keys')).toMatchObject([{ state: 'ok' }]);
  expect(alone.of('outside')).toMatchObject([{ state: 'skip' }]);
  // It stopped what it had started.
  expect(existsSync(join(home, 'postgres', 'postmaster.pid'))).toBe(false);
  rmSync(join(home, 'secret.key'));
  const keyless = await runDoctor(env);
  expect(keyless.of('keys')).toMatchObject([{ state: 'fail', found: expect.stringContaining('is missing, but') }]);
  expect(existsSync(join(home, 'secret.key'))).toBe(false);
}, 180_000);

test('case=a service that is not root has no accounts to give, which is well; no limits of the kernel is not', () => {
  const stateOf = (failure: string | undefined, ...missing: string[]) => judgeActions({ failure, missing })[0];
  expect(stateOf(undefined, 'an account of their own (only root can give one)')).toMatchObject({
    state: 'ok',
    found: expect.stringContaining('without an account of their own'),
  });
  expect(stateOf(undefined, 'resource limits of the kernel (no /bin/sh)')).toMatchObject({ state: 'warn' });
  expect(stateOf('it took too long')).toMatchObject({ state: 'fail' });
});

test('case=little space: looked at below a gigabyte or a twentieth, a failure below 256 MB', () => {
  const MB = 1_048_576;
  const stateOf = (free: number, total: number) =>
    judgeDisk({ directory: '/data', freeBytes: free * MB, totalBytes: total * MB })[0]?.state;
  expect([stateOf(255, 10_000), stateOf(257, 10_000), stateOf(1_025, 10_000)]).toEqual(['fail', 'warn', 'ok']);
  expect(stateOf(40_000, 1_000_000)).toBe('warn');
});
