/**
 * Ends what a test run started, should that run be killed and not come to its own clean-up: a process beside it that waits until the run
 * is gone. Ends only processes that it was told of, and only while they still are what they were; removes only the directories it was given.
 */
import { spawn } from 'node:child_process';

export interface Reaped {
  /** A process that leads a group of its own, and a word of its command line: pids are used again. */
  readonly group?: { readonly pid: number; readonly command: string };
  /** A data directory whose database server has to end; removed afterwards. */
  readonly dataDir?: string;
}

/** Plain JavaScript: it outlives the program that could compile it. Reads from its standard input until the run is gone. */
const SCRIPT = `
const { execFileSync } = require('node:child_process');
const { readFileSync, rmSync } = require('node:fs');
const { group, dataDir } = JSON.parse(process.argv[1]);
const argsOf = (pid) => {
  try { return execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }); } catch { return ''; }
};
const postmaster = () => {
  try { return Number(readFileSync(dataDir + '/postgres/postmaster.pid', 'utf8').split('\\n', 1)[0]); } catch { return 0; }
};
const kill = (pid, signal) => { try { process.kill(pid, signal); } catch {} };
const until = async (gone) => {
  for (let waited = 0; waited < 100 && !gone(); waited += 1) await new Promise((resolve) => setTimeout(resolve, 100));
};
let isOver = false;
process.stdin.on('data', () => { isOver = true; });
process.stdin.on('end', async () => {
  if (isOver) return;
  if (group && argsOf(group.pid).includes(group.command)) {
    kill(-group.pid, 'SIGTERM');
    await until(() => !argsOf(group.pid).includes(group.command));
    if (argsOf(group.pid).includes(group.command)) kill(-group.pid, 'SIGKILL');
  }
  if (!dataDir) return;
  const pid = postmaster();
  if (pid > 0 && argsOf(pid).includes(dataDir)) {
    kill(pid, 'SIGQUIT');
    await until(() => !argsOf(pid).includes(dataDir));
  }
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
});
`;

/** From now on it ends with this process, however that ends. Gives what to call when it was ended in order. */
export function reapAfterUs(what: Reaped): () => void {
  const child = spawn(process.execPath, ['-e', SCRIPT, JSON.stringify(what)], {
    // Out of reach of what is sent to the run's own group.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.on('error', () => {});
  child.unref();
  (child.stdin as unknown as { unref?: () => void }).unref?.();
  return () => {
    child.stdin.end('over');
  };
}
