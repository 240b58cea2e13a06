/**
 * The command line of a process for Actions, and the platform's means to contain it. The parts are independent: each stops
 * something that another one might let through.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { platform } from 'node:os';
import { INBOUND_FD, OUTBOUND_FD } from '../protocol.js';
import type { RunnerLimits } from './options.js';

const SHELL = '/bin/sh';
/** Accounts that nobody has, in the range that a container without privileges maps. One per process, so that none can signal another. */
const FIRST_ACCOUNT = 64_200;
const ACCOUNTS = 800;
const LARGEST_FD_COUNT = 256;
/** Memory that Node maps for itself besides: stacks of its threads, code, reserves. */
const OWN_DATA_BYTES = 768 * 1_048_576;

export interface Containment {
  /** The means that are missing, for the log line at the start; empty when all are there. */
  readonly missing: readonly string[];
  spawn(): ChildProcess;
}

function permissionFlags(): readonly string[] {
  const flags = process.allowedNodeEnvironmentFlags;
  // Node 20 has the older name. From 25 on the flag also blocks the network: it is allowed here, since the process's own guard judges it.
  return [
    flags.has('--permission') ? '--permission' : '--experimental-permission',
    ...(flags.has('--allow-net') ? ['--allow-net'] : []),
  ];
}

let hasAccounts: boolean | undefined;

/** Tried once: it starts a process, and the answer stays the same. */
function canChangeAccount(): boolean {
  hasAccounts ??= tryAccount();
  return hasAccounts;
}

function tryAccount(): boolean {
  if (process.getuid?.() !== 0) return false;
  // Node has to be executable for that account, too; in a container without privileges the account may not exist.
  const probe = spawnSync(process.execPath, ['--version'], {
    uid: FIRST_ACCOUNT,
    gid: FIRST_ACCOUNT,
    cwd: '/',
    env: {},
  });
  return probe.status === 0;
}

/** Looks at the platform once. The program is read from standard input, so that not a single file has to be readable. */
export function createContainment(limits: RunnerLimits): Containment {
  const hasShell = platform() !== 'win32' && existsSync(SHELL);
  const hasAccount = canChangeAccount();
  const missing = [
    ...(hasAccount ? [] : ['an account of their own (only root can give one)']),
    ...(hasShell ? [] : ['resource limits of the kernel (no /bin/sh)']),
    ...(platform() === 'linux' ? [] : ['quick memory checks (no /proc)']),
  ];
  const node = [...permissionFlags(), '--no-warnings', `--max-old-space-size=${limits.heapMegabytes}`, '-'];
  // Back-stops in the kernel: no core dumps with personal data, no files, few descriptors, and limits of memory and processor time
  // that hold even if the server no longer watches. A process is given up long before it has used that much.
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
        // Nothing of the server's environment: it holds the secret key and the address of the database.
        env: {},
        ...(hasAccount ? { uid: account, gid: account } : {}),
      });
    },
  };
}

/** Processor time after which a process is not used again, in milliseconds. */
export function lifetimeCpuMs(limits: RunnerLimits): number {
  return limits.cpuMs * 3;
}
