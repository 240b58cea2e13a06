/** `vestibule serve` as a process of its own, so that it can be killed as a machine would. Ends only what it started. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { COMPILED } from './compiled.js';
import { findFreePort, MANAGEMENT_CLIENT } from './instance.js';
import { reapAfterUs } from './reaper.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A deadline for what hangs, not a measure: a busy machine may take a minute. */
const START_MS = 180_000;

export interface ServerProcess {
  readonly port: number;
  readonly pid: number;
  /** Returns everything that it has printed, its log included. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<number | null>;
}

/** Starts a node on a database and waits until it answers. `origin` is what browsers call it, else the node's own address. */
export async function startServerProcess(options: {
  readonly databaseUrl: string;
  readonly origin?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Text in the output after which the caller goes on; by default that the node answers. */
  readonly until?: string;
  /** Options of `serve`. */
  readonly args?: readonly string[];
}): Promise<ServerProcess> {
  const port = await findFreePort();
  const command = [...COMPILED, 'serve', ...(options.args ?? [])];
  const child: ChildProcess = spawn(process.execPath, command, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Out of reach of a Ctrl-C that is meant for its parent, which ends it itself.
    detached: true,
    env: {
      PATH: process.env.PATH,
      TMPDIR: process.env.TMPDIR,
      PORT: String(port),
      VESTIBULE_URL: options.origin ?? `http://localhost:${port}`,
      DATABASE_URL: options.databaseUrl,
      VESTIBULE_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
      VESTIBULE_MANAGEMENT_CLIENT_ID: MANAGEMENT_CLIENT.id,
      VESTIBULE_MANAGEMENT_CLIENT_SECRET: MANAGEMENT_CLIENT.secret,
      VESTIBULE_OUTBOUND_ALLOW: '127.0.0.0/8,::1',
      VESTIBULE_OUTBOUND_ALLOW_CUSTOMERS: '127.0.0.0/8,::1',
      VESTIBULE_LOG_LEVEL: 'error',
      VESTIBULE_LOG_LINES_PER_MINUTE: '1000000',
      ...options.environment,
    },
  });
  const over = reapAfterUs({ group: { pid: child.pid ?? 0, command: 'main.js serve' } });
  const endWithUs = () => child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const gone = new Promise<number | null>((resolve) => child.on('close', resolve));
  void gone.then(() => {
    process.off('exit', endWithUs);
    over();
  });
  let output = '';
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the server does not start: ${output}`)), START_MS);
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => {
        output += String(chunk);
        if (output.includes(options.until ?? 'Vestibule answers at')) {
          clearTimeout(timer);
          resolve();
        }
      });
    child.on('close', () => {
      clearTimeout(timer);
      reject(new Error(`the server ended: ${output}`));
    });
  });
  try {
    await ready;
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    port,
    pid: child.pid ?? 0,
    output: () => output,
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      child.kill('SIGTERM');
      return gone;
    },
  };
}
