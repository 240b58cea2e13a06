/**
 * Builds the command line of a process for Actions, with every means of the platform to contain it. The means are
 * independent: each stops something that another might let through.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { INBOUND_FD, OUTBOUND_FD } from '../protocol.js';
import type { RunnerLimits } from './options.js';

const SHELL = '/bin/sh';
/**
 * User ids without an account, in the range that an unprivileged container maps. Processes get different ones, so that
 * none can signal another.
 */
const FIRST_ACCOUNT = 64_200;
const ACCOUNTS = 800;
const LARGEST_FD_COUNT = 256;
/** Memory that Node maps for itself: stacks of its threads, code, reserves. */
const OWN_DATA_BYTES = 768 * 1_048_576;

export interface Containment {
  /** The means of containment that this platform lacks, in words for the log. */
  readonly missing: readonly string[];
  spawn(): ChildProcess;
}

function permissionFlags(): readonly string[] {
  const flags = process.allowedNodeEnvironmentFlags;
  // Node 20 has the older name of the flag. From Node 25 on, the flag also blocks the network; the network is allowed
  // here, since the process's own guard checks it.
  return [
    flags.has('--permission') ? '--permission' : '--experimental-permission',
    ...(flags.has('--allow-net') ? ['--allow-net'] : []),
  ];
}

let hasAccounts: boolean | undefined;

/**
 * Tells whether processes can get an account of their own. Tried once: the try starts a process, and its result does
 * not change.
 */
function canChangeAccount(): boolean {
  hasAccounts ??= tryAccount();
  return hasAccounts;
}

function tryAccount(): boolean {
  if (process.getuid?.() !== 0) return false;
  // The other account must be able to execute Node, too. In an unprivileged container the account may not exist.
  const probe = spawnSync(process.execPath, ['--version'], {
    uid: FIRST_ACCOUNT,
    gid: FIRST_ACCOUNT,
    cwd: '/',
    env: {},
  });
  return probe.status === 0;
}

/**
 * Examines the platform once and returns how to start processes. A process reads its program from standard input, so
 * that it needs to read no file.
 */
export function createContainment(limits: RunnerLimits): Containment {
  const hasShell = platform() !== 'win32' && existsSync(SHELL);
  const hasAccount = canChangeAccount();
  const missing = [
    ...(hasAccount ? [] : ['an account of their own (only root can give one)']),
    ...(hasShell ? [] : ['resource limits of the kernel (no /bin/sh)']),
    ...(platform() === 'linux' ? [] : ['quick memory checks (no /proc)']),
  ];
  const node = [...permissionFlags(), '--no-warnings', `--max-old-space-size=${limits.heapMegabytes}`, '-'];
  // Limits in the kernel are the last defence: no core dumps with personal data, no files, few descriptors, limited
  // memory and processor time. They hold even if the server no longer watches. The server kills a process long before
  // it reaches them.
  const seconds = Math.ceil(lifetimeCpuMs(limits) / 1_000) + Math.ceil(limits.cpuMs / 1_000) + 5;
  const dataKilobytes = Math.ceil((limits.memoryBytes * 2 + OWN_DATA_BYTES) / 1_024);
  const limit = (letter: string, value: number) => `ulimit -${letter} ${value} 2>/dev/null || :`;
  const ulimits = [
    limit('c', 0),
    limit('f', 0),
    limit('n', LARGEST_FD_COUNT),
    limit('t', seconds),
    limit('d', dataKilobytes),
  ];
  const shell = `${ulimits.join('; ')}; exec "$0" "$@"`;
  let turn = 0;
  return {
    missing,
    spawn() {
      turn = (turn + 1) % ACCOUNTS;
      const account = FIRST_ACCOUNT + turn;
      const [command, args] = hasShell ? [SHELL, ['-c', shell, process.execPath, ...node]] : [process.execPath, node];
      const stdio: 'pipe'[] = [];
      for (let fd = 0; fd <= Math.max(INBOUND_FD, OUTBOUND_FD); fd += 1) stdio.push('pipe');
      return spawn(command, args, {
        stdio,
        cwd: '/',
        // Passes no environment variable of the server: they hold the secret key and the database's address.
        env: {},
        ...(hasAccount ? { uid: account, gid: account } : {}),
      });
    },
  };
}

/** Returns the processor time after which a process is not reused, in milliseconds. */
export function lifetimeCpuMs(limits: RunnerLimits): number {
  return limits.cpuMs * 3;
}
