/**
 * A shell that briefly outlives this server. It knows the processes for Actions, and kills them when its pipe from the
 * server closes. Without it, a process that loops or waits forever would go on unnoticed after the server was killed.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

const SHELL = '/bin/sh';
const SCRIPT = `trap "" INT TERM HUP
pids=" "
while read -r sign pid; do
  case "$sign" in
    +) pids="$pids$pid " ;;
    -) case "$pids" in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
  esac
done
for pid in $pids; do kill -9 "$pid"; done 2>/dev/null`;

export interface Watchdog {
  watch(pid: number): void;
  /** Must be called as soon as the process has ended, before the system reuses its pid. */
  forget(pid: number): void;
  close(): void;
}

/** Starts the shell that kills the processes after this server's end. Undefined on machines without a shell. */
export function startWatchdog(): Watchdog | undefined {
  if (!existsSync(SHELL)) return undefined;
  // Starts the shell in a session of its own, so that Ctrl-C in a terminal reaches only the server.
  const shell = spawn(SHELL, ['-c', SCRIPT], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
    detached: true,
  });
  shell.on('error', () => {});
  shell.stdin.on('error', () => {});
  shell.unref();
  const { stdin } = shell;
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return {
    watch: (pid) => stdin.write(`+ ${pid}\n`),
    forget: (pid) => stdin.write(`- ${pid}\n`),
    close: () => stdin.end(),
  };
}
