/**
 * Facts about a process from the operating system, so that a later process with a recorded pid is not mistaken for the
 * recorded one. Reads only.
 */
import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessFacts {
  /** Differs when the pid belongs to another process: clock ticks since boot on Linux, a date elsewhere. */
  readonly startedAt: string;
  readonly command: string;
  /** Path of the working directory; empty if the system does not report it. */
  readonly workingDirectory: string;
}

async function findOnLinux(pid: number): Promise<ProcessFacts | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field of the line is the name in parentheses, which may contain spaces. The state and 19 more fields
  // follow.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (stat === '' || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const [command, workingDirectory] = await Promise.all([
    readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    readlink(`/proc/${pid}/cwd`).catch(() => ''),
  ]);
  return { startedAt: fields[19] ?? '', command: command.replaceAll('\0', ' '), workingDirectory };
}

async function findWithPs(pid: number): Promise<ProcessFacts | undefined> {
  const { stdout } = await run('ps', ['-ww', '-o', 'lstart=,command=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  const line = stdout.trim();
  // `lstart` is always five words: Wed Nov 25 13:03:19 2026.
  const parts = /^(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(\S.*)$/.exec(line);
  return parts === null ? undefined : { startedAt: parts[1] ?? '', command: parts[2] ?? '', workingDirectory: '' };
}

/** Returns the process with this pid, or undefined when there is none. A zombie counts as none. */
export async function findProcess(pid: number): Promise<ProcessFacts | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? findOnLinux(pid) : findWithPs(pid);
}

/** True when the system still knows the pid, even as a zombie. */
export function isTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Returns a name for the set of processes in which a pid is valid: this boot of this machine, this container. */
export async function readPidSpace(): Promise<string> {
  if (process.platform !== 'linux') return process.platform;
  const [boot, namespace] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return `${boot.trim()} ${namespace}`;
}

/** Resolves after `ms` milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
