/** Starts processes of the benchmark, waits for them, and reads their cost from /proc. So it works on Linux only. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';

/** USER_HZ of Linux: /proc counts CPU time in hundredths of a second. */
const TICK_MS = 10;

export async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** Starts a program, in this folder or in `cwd`, and shows its error output. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd?: string,
): ChildProcess {
  const child = spawn(command, [...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout?.resume();
  return child;
}

export async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}

/** Returns the first line that a program prints. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}`)));
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
}

/** Waits until `/health/ready` answers 200, and returns the milliseconds that it took. Throws after a minute. */
export async function waitUntilReady(origin: string): Promise<number> {
  const start = performance.now();
  for (;;) {
    const ready = await fetch(`${origin}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
    const ms = performance.now() - start;
    if (ready) return ms;
    if (ms > 60_000) throw new Error(`${origin} was not ready within a minute`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Returns the CPU time used so far by a process and its ended children, in milliseconds. */
export function cpuMs(pid: number): number {
  const stat = statOf(pid);
  return stat ? (Number(stat[11]) + Number(stat[12]) + Number(stat[13]) + Number(stat[14])) * TICK_MS : 0;
}

/** Returns the CPU time used so far by a process without its children, in milliseconds. */
export function ownCpuMs(pid: number): number {
  const stat = statOf(pid);
  return stat ? (Number(stat[11]) + Number(stat[12])) * TICK_MS : 0;
}

/** Returns the ids of all descendants of a process. */
export function descendants(root: number): number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), parent: Number(statOf(Number(name))?.[1]) }));
  const found = [root];
  for (const pid of found) for (const item of parents) if (item.parent === pid) found.push(item.pid);
  return found.slice(1);
}

/** Returns the resident memory of a process in MB. */
export function rssMb(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
  } catch {
    return Number.NaN;
  }
}
