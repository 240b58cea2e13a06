/**
 * The processes of the cluster. Each program has a folder, which is the working directory of all of its processes, also
 * of those that it starts itself (Patroni's PostgreSQL): so they are found, stopped and frozen together, as a machine
 * is. Touches no process outside of the cluster's folder. Works on Linux only.
 */
import { spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './tools.js';

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Account of the processes; that of this process if it is absent. */
  readonly account?: Account | undefined;
}

/** Returns the ids of the processes whose working directory is `folder` or below it. */
export function listProcesses(folder: string): readonly number[] {
  const found: number[] = [];
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const at = readlinkSync(`/proc/${name}/cwd`);
      if (at === folder || at.startsWith(folder + sep)) found.push(Number(name));
    } catch {
      // The process has ended, or belongs to somebody else.
    }
  }
  return found.filter((pid) => pid !== process.pid);
}

function send(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** Stops every process below `folder` with SIGKILL, also those that are started meanwhile. */
export async function killAll(folder: string): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    const pids = listProcesses(folder);
    if (pids.length === 0) return;
    send(pids, 'SIGKILL');
    await sleep(25);
  }
  throw new Error(`processes below ${folder} do not end`);
}

/** The programs of one cluster, by name. */
export class Programs {
  private readonly known = new Map<string, { readonly program: Program; readonly pid: number }>();

  /** `folder` gets a folder for each program, `logs` a file for each. */
  constructor(
    private readonly folder: string,
    private readonly logs: string,
  ) {}

  folderOf(name: string): string {
    return join(this.folder, name);
  }

  /** Makes the folder of a program for its account, and writes `files` into it. Only the account can read them. */
  prepare(name: string, files: Readonly<Record<string, string>>, account?: Account): string {
    const folder = this.folderOf(name);
    mkdirSync(folder, { mode: 0o700 });
    for (const [file, text] of Object.entries(files)) {
      writeFileSync(join(folder, file), text, { mode: 0o600 });
      if (account) chownSync(join(folder, file), account.uid, account.gid);
    }
    if (account) chownSync(folder, account.uid, account.gid);
    return folder;
  }

  /** Starts a program and remembers how. Its output goes to its log. Throws if it cannot be started at all. */
  start(name: string, program: Program): void {
    const log = openSync(join(this.logs, `${name}.log`), 'a');
    const child = spawn(program.command, [...program.args], {
      cwd: this.folderOf(name),
      // Ctrl-C reaches this process alone, which stops the others in order.
      detached: true,
      stdio: ['ignore', log, log],
      env: { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: this.folderOf(name), ...program.env },
      ...program.account,
    });
    child.on('error', (error) => writeFileSync(log, `${error.message}\n`));
    child.on('close', () => closeSync(log));
    child.unref();
    this.known.set(name, { program, pid: child.pid ?? 0 });
  }

  /** Starts a program again that was killed or has ended: as before, or with `changes`, which it keeps. */
  restart(name: string, changes: Partial<Program> = {}): void {
    const known = this.known.get(name);
    if (!known) throw new Error(`there is no ${name}`);
    this.start(name, { ...known.program, ...changes });
  }

  /** Returns what a program has written to its log so far. */
  logOf(name: string): string {
    return readFileSync(join(this.logs, `${name}.log`), 'utf8');
  }

  /** True for the name of a program that was started. */
  isKnown(name: string): boolean {
    return this.known.has(name);
  }

  isRunning(name: string): boolean {
    return listProcesses(this.folderOf(name)).length > 0;
  }

  /** Ends all processes of a program at once, as a power failure does. */
  async kill(name: string): Promise<void> {
    await killAll(this.folderOf(name));
  }

  /** Stops all processes of a program without ending them, as a machine that hangs. */
  async freeze(name: string): Promise<void> {
    // Twice: a process may have been started between the list and the signal.
    for (let turn = 0; turn < 2; turn++) {
      send(listProcesses(this.folderOf(name)), 'SIGSTOP');
      await sleep(20);
    }
  }

  thaw(name: string): void {
    send(listProcesses(this.folderOf(name)), 'SIGCONT');
  }

  /** Sends a signal to the process that was started, and not to those that it started itself. */
  signal(name: string, signal: NodeJS.Signals): void {
    const first = this.known.get(name)?.pid;
    send(
      listProcesses(this.folderOf(name)).filter((pid) => pid === first),
      signal,
    );
  }

  /** Waits until a program has ended. Kills it after `seconds`. */
  async waitForEnd(name: string, seconds: number): Promise<void> {
    const until = performance.now() + seconds * 1000;
    while (this.isRunning(name) && performance.now() < until) await sleep(50);
    await this.kill(name);
  }

  /** Ends everything: first politely, in this order, then by force. */
  async stopAll(names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.thaw(name);
      this.signal(name, 'SIGTERM');
      await this.waitForEnd(name, 10);
    }
    await killAll(this.folder);
  }
}
