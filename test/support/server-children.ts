/** Finds the processes that a server has started, by their parent: for tests that kill them, or see that they are gone. */
import { execFileSync } from 'node:child_process';

/** Ids of the living processes that `parent` has started with these words in their command line. */
function listChildren(parent: number, words: string): readonly number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,stat=,args=']).toString().split('\n');
  return rows
    .map((row) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(row))
    .filter((match) => match !== null)
    .filter(([, , ppid, state, args]) => Number(ppid) === parent && !state?.startsWith('Z') && args?.includes(words))
    .map(([, pid]) => Number(pid));
}

/** Ids of the Action processes that `parent` has started and that live. */
export const listActionProcesses = (parent: number) => listChildren(parent, 'max-old-space-size');

/** Ids of the living workers of a node that was started with `--workers`. */
export const listWorkers = (primary: number) => listChildren(primary, 'serve --workers');

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
