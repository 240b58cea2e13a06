/**
 * The file descriptors and the JavaScript memory of this process: how much it may use, and how much it uses. Only
 * reads. Never throws on a system that does not tell its descriptors (all except Linux).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';

/**
 * Descriptors that must stay free for the database, Actions and certificates. Without them the process cannot go on.
 */
const LEAST_FREE_SHARE = 0.02;
const LEAST_FREE = 16;
/** Beyond this share the garbage collector runs without pause, and the process will soon fail. */
const MOST_HEAP_SHARE = 0.95;
/**
 * Descriptors reserved beside connections: for files being sent, the database, Actions, the log and the program itself.
 */
const BESIDE_CONNECTIONS = 768;

export interface OwnUse {
  readonly descriptors: number;
  /** Maximum number of descriptors at the same time (the soft limit of `ulimit -n`). */
  readonly mostDescriptors: number;
  readonly heapBytes: number;
  readonly mostHeapBytes: number;
}

/** Returns the soft limit of descriptors; infinite if the system does not tell, or has none. */
export function readDescriptorLimit(path = '/proc/self/limits'): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync(path, 'utf8')) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Counts the open descriptors; infinite if none is free, since reading the count needs one. */
function countDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch (error) {
    const { code } = error as { code?: unknown };
    return code === 'EMFILE' || code === 'ENFILE' ? Number.POSITIVE_INFINITY : 0;
  }
}

/** Reads the current use. The limit of descriptors is read only once: when they run out, no file can be opened. */
export function createOwnUseReader(): () => OwnUse {
  const mostDescriptors = readDescriptorLimit();
  return () => {
    const { used_heap_size: heapBytes, heap_size_limit: mostHeapBytes } = getHeapStatistics();
    return { descriptors: countDescriptors(), mostDescriptors, heapBytes, mostHeapBytes };
  };
}

/** Returns why the process must not accept more work; undefined while it can. */
export function findShortage({ descriptors, mostDescriptors, heapBytes, mostHeapBytes }: OwnUse): string | undefined {
  const leastFree = Math.max(LEAST_FREE, mostDescriptors * LEAST_FREE_SHARE);
  if (Number.isFinite(mostDescriptors) && descriptors > mostDescriptors - leastFree)
    return `this process has hardly a descriptor left of ${mostDescriptors} (ulimit -n)`;
  if (heapBytes > mostHeapBytes * MOST_HEAP_SHARE)
    return `this process has hardly any memory left of ${Math.round(mostHeapBytes / 2 ** 20)} MB (--max-old-space-size)`;
  return undefined;
}

/** Returns how many connections the descriptors allow: `wanted`, or fewer if the process may not open that many. */
export function connectionsWithin(wanted: number, mostDescriptors: number): number {
  if (!Number.isFinite(mostDescriptors)) return wanted;
  return Math.min(wanted, Math.max(mostDescriptors - BESIDE_CONNECTIONS, Math.floor(mostDescriptors / 2)));
}
