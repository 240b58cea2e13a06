/**
 * What a long run needs to go on after it was interrupted, by Ctrl-C or by `kill -9`: one small JSON file of each command under
 * artifacts/, replaced whole after every piece of work, so that it is never half written. Holds figures and seeds, nothing else.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const pathOf = (command: string) => fileURLToPath(new URL(`../artifacts/${command}.json`, import.meta.url));

/** Remembers how far `command` is. */
export function keepRun(command: string, run: object): void {
  const path = pathOf(command);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, JSON.stringify(run));
  renameSync(`${path}.new`, path);
}

/** How far `command` was when it was interrupted; undefined when there is nothing to go on with. */
export function findKeptRun<Run extends object>(command: string): Run | undefined {
  const path = pathOf(command);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Run) : undefined;
}

/** The run is complete. */
export function forgetRun(command: string): void {
  rmSync(pathOf(command), { force: true });
}

/** A terminal's Ctrl-C comes twice, from the terminal and from the process that runs this script: that is one. */
const SAME_PRESS_MS = 1_000;

/** Calls `stop` at the first Ctrl-C or SIGTERM; the second ends the process at once. Set up before anything is started. */
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
