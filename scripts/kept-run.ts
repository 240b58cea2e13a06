/**
 * Stores the progress of a long run, so that it can go on after Ctrl-C or `kill -9`. Each command has a small JSON file
 * under artifacts/, which is replaced as a whole after every piece of work, so it is never half written. Contains
 * figures and seeds, nothing else.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const pathOf = (command: string) => fileURLToPath(new URL(`../artifacts/${command}.json`, import.meta.url));

/** Stores the progress of `command`. */
export function keepRun(command: string, run: object): void {
  const path = pathOf(command);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(run));
  renameSync(`${path}.new`, path);
}

/** Returns the stored progress of `command`; undefined if there is no interrupted run. */
export function findKeptRun<Run extends object>(command: string): Run | undefined {
  const path = pathOf(command);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Run) : undefined;
}

/** Deletes the progress of a complete run. */
export function forgetRun(command: string): void {
  rmSync(pathOf(command), { force: true });
}

/** A terminal's Ctrl-C arrives twice, from the terminal and from the parent process. Both count as one. */
const SAME_PRESS_MS = 1_000;

/**
 * Calls `stop` at the first Ctrl-C or SIGTERM; a second one ends the process at once. Call it before anything is
 * started.
 */
export function onInterrupt(stop: () => void): void {
  let askedMs: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (askedMs !== undefined && performance.now() - askedMs < SAME_PRESS_MS) return;
      if (askedMs !== undefined) process.exit(130);
      askedMs = performance.now();
      stop();
    });
}

/** `m:ss` or `h:mm:ss`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (number: number) => String(number).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
