/** A test run that is killed leaves nothing running: neither the database server nor the servers that it had started. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { processesWith } from '../support/demo-process.js';

const folder = mkdtempSync(join(tmpdir(), 'vestibule-reaper-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A run that starts its own database and is killed: prints the directory, then waits. */
const RUN = `
  const { startOwnPostgres } = await import('./test/support/own-postgres.ts');
  const { reapAfterUs } = await import('./test/support/reaper.ts');
  const { spawn } = await import('node:child_process');
  const server = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', process.env.MARK], { detached: true, stdio: 'ignore' });
  reapAfterUs({ group: { pid: server.pid, command: process.env.MARK } });
  const { url } = await startOwnPostgres();
  console.log('runs ' + new URL(url).searchParams.get('host'));
  setInterval(() => {}, 1000);
`;

async function until(done: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < 45_000 && !done(); waited += 100)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return done();
}

test('kill -9 of the run: its database server and its other processes end, and its directory goes', async () => {
  const mark = `marked-${folder.slice(-6)}`;
  const run = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', RUN], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, TMPDIR: tmpdir(), MARK: mark },
  });
  let output = '';
  run.stdout.on('data', (chunk) => (output += String(chunk)));
  expect(await until(() => output.includes('runs '))).toBe(true);
  const dataDir =
    output
      .split('runs ')[1]
      ?.trim()
      .replace(/\/run$/, '') ?? '';
  const running = () => [...processesWith(`${dataDir}/postgres`), ...processesWith(`1000) ${mark}`)];
  expect(processesWith(`${dataDir}/postgres`).length).toBeGreaterThan(0);
  run.kill('SIGKILL');
  expect(await until(() => running().length === 0 && !existsSync(dataDir)), running().join('\n')).toBe(true);
}, 120_000);
