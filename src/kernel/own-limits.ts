/**
 * The descriptors and the memory of this process, and how much of them is used: descriptors where the system tells them (Linux), of memory the
 * part for JavaScript. Only reads. Never throws for a system that does not tell.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';

/** Of so many descriptors the last ones are kept for the database, Actions and certificates: without them the process cannot go on. */
const LEAST_FREE_SHARE = 0.02;
const LEAST_FREE = 16;
/** Beyond it the collector runs without pause, and the process is near its end. */
const MOST_HEAP_SHARE = 0.95;
/** Kept from connections: files that are being sent, the database, Actions, the log and the program itself. */
const BESIDE_CONNECTIONS = 768;

export interface OwnUse {
  readonly descriptors: number;
  /** Most descriptors at the same time (the soft limit of `ulimit -n`). */
  readonly mostDescriptors: number;
  readonly heapBytes: number;
  readonly mostHeapBytes: number;
}

/** The soft limit of descriptors; infinite where the system does not tell, or has none. */
export function readDescriptorLimit(path = '/proc/self/limits'): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(path, 'utf8')) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** To read it takes a descriptor, so a process that has none left cannot count them. */
function countDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch (error) {
    const { code } = error as { code?: unknown };
    return code === 'EMFILE' || code === 'ENFILE' ? Number.POSITIVE_INFINITY : 0;
  }
}

/** Reads the use at the moment. The limit of descriptors is read once: while they run out, no file can be opened. */
export function createOwnUseReader(): () => OwnUse {
  const mostDescriptors = readDescriptorLimit();
  return () => {
    const { used_heap_size: heapBytes, heap_size_limit: mostHeapBytes } = getHeapStatistics();
    return { descriptors: countDescriptors(), mostDescriptors, heapBytes, mostHeapBytes };
  };
}

/** Why the process cannot go on taking work; undefined while it can. */
export function findShortage({ descriptors, mostDescriptors, heapBytes, mostHeapBytes }: OwnUse): string | undefined {
  const leastFree = Math.max(LEAST_FREE, mostDescriptors * LEAST_FREE_SHARE);
  if (Number.isFinite(mostDescriptors) && descriptors > mostDescriptors - leastFree)
    return `this process has hardly a descriptor left of ${mostDescriptors} (ulimit -n)`;
  if (heapBytes > mostHeapBytes * MOST_HEAP_SHARE)
    return `this process has hardly any memory left of ${Math.round(mostHeapBytes / 2 ** 20)} MB (--max-old-space-size)`;
  return undefined;
}

/** The connections that descriptors are left for: `wanted`, or fewer where the process may not open that many. */
export function connectionsWithin(wanted: number, mostDescriptors: number): number {
  if (!Number.isFinite(mostDescriptors)) return wanted;
  return Math.min(wanted, Math.max(mostDescriptors - BESIDE_CONNECTIONS, Math.floor(mostDescriptors / 2)));
}
