/** The lock of a journal: whose process counts as running. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LockHeld, takeLock } from '../../src/kernel/process-lock.js';

function newFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'process-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'journal.lock');
}

test('a running process keeps its lock', async () => {
  const file = newFile();
  writeFileSync(file, `${process.ppid} ${hostname()}\n`);
  await expect(takeLock(file)).rejects.toBeInstanceOf(LockHeld);
});

// Only Linux shows it. Elsewhere a zombie still counts as running, and the operator removes the lock.
test.skipIf(!existsSync('/proc/self/stat'))('a killed process that nobody has collected has exited', async () => {
  // The shell becomes `sleep`, which never collects the child that has ended.
  const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void parent.kill('SIGKILL'));
  const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
  const file = newFile();
  writeFileSync(file, `${pid.toString().trim()} ${hostname()}\n`);
  await expect
    .poll(() =>
      takeLock(file).then(
        () => 'taken',
        () => 'held',
      ),
    )
    .toBe('taken');
});
