/** Finds the processes in which a server runs Actions, by their parent: for tests that kill them, or see that they are gone. */
import { execFileSync } from 'node:child_process';

/** Ids of the Action processes that `parent` has started and that live. */
export function listActionProcesses(parent: number): readonly number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args=']).toString().split('\n');
  return rows
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(row))
    .filter((match) => match !== null)
    .filter(
      ([, , ppid, state, args]) =>
        Number(ppid) === parent && !state?.startsWith('Z') && args?.includes('max-old-space-size'),
    )
    .map(([, pid]) => Number(pid));
}

/** True while there is a process of this id that is not just waiting to be buried. */
export function isAlive(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .toString()
      .trim()
      .startsWith('Z');
  } catch {
    return false;
  }
}
