/** Reads the resident memory and processor time of a process: from /proc on Linux, from `ps` elsewhere. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';

export interface Usage {
  readonly memoryBytes: number;
  readonly cpuMs: number;
}

/** Time between two checks, in milliseconds. A read of /proc costs a few microseconds; `ps` starts a process. */
export const POLL_MS = platform() === 'linux' ? 25 : 250;

const TICK_MS = 10;
const PAGE_BYTES = 4_096;

/** Reads a process's usage from /proc; undefined when the process is gone. */
function readProc(pid: number): Usage | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The fields after the name, which may contain any character: state is field 3, utime 14, stime 15, rss 24
    // (proc(5)).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * TICK_MS,
      memoryBytes: Number(fields[21]) * PAGE_BYTES,
    };
  } catch {
    return undefined;
  }
}

function toMilliseconds(time: string): number {
  const [days, clock] = time.includes('-') ? time.split('-') : ['0', time];
  return ((clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400) * 1_000;
}

function readPs(pid: number): Promise<Usage | undefined> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'rss=,time=', '-p', String(pid)], (error, output) => {
      const [rss = '', time = ''] = error ? [] : output.trim().split(/\s+/);
      resolve(rss === '' ? undefined : { memoryBytes: Number(rss) * 1_024, cpuMs: toMilliseconds(time) });
    });
  });
}

/**
 * Reads the memory and processor time of a process. Undefined when the process is gone, or the platform has neither
 * /proc nor ps.
 */
export function readUsage(pid: number): Usage | undefined | Promise<Usage | undefined> {
  return platform() === 'linux' ? readProc(pid) : readPs(pid);
}
