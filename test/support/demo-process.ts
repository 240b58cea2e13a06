/** The demo as its reader starts it: a process group of its own, its printed addresses, Ctrl-C. Ends only what it started. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { reapAfterUs } from './reaper.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** A deadline for what hangs, not a measure: a busy machine may take a minute. */
const START_MS = 180_000;
const STOP_MS = 20_000;

export interface DemoProcess {
  /** Printed addresses by the name before them: `stage`, `application`, `Vestibule` … */
  readonly addresses: Readonly<Record<string, string>>;
  readonly output: () => string;
  /**
   * Presses Ctrl-C (or sends another signal to the whole group) and waits; gives the exit code. Before Ctrl-C, stage and
   * mailbox have to answer still; throws if they do not.
   */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

/** Command lines of this machine's processes that mention `text`. */
export function processesWith(text: string): readonly string[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(text));
}

function parseAddresses(output: string): Record<string, string> {
  const found = [...output.matchAll(/^ {2}(\S.*?) +(http:\/\/localhost:\d+\S*)/gm)];
  return Object.fromEntries(found.map(([, name = '', address = '']) => [name, address]));
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

async function until(done: () => boolean, limitMs: number): Promise<boolean> {
  for (let waited = 0; waited < limitMs; waited += 50) {
    if (done()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return done();
}

/** Pages that every reader has open, whatever was played: a mail that could not be shown once ended both. */
const ALWAYS = ['/stage/state.json', '/mail'];

/** Returns the pages that do not answer any more, with their status. */
async function findBroken(stage: string): Promise<readonly string[]> {
  const asked = ALWAYS.map(async (path) => `${path} ${(await fetch(`${stage}${path}`)).status}`);
  return (await Promise.all(asked)).filter((answer) => !answer.endsWith(' 200'));
}

/** Starts `demo/main.ts` as `npm start` does, and waits until it says that it runs. Throws with its output otherwise. */
export async function startDemo(environment: Readonly<Record<string, string>>): Promise<DemoProcess> {
  const { NO_COLOR: _colour, DATABASE_URL: _database, PORT: _port, ...inherited } = process.env;
  const child = spawn(`${root}node_modules/.bin/tsx`, ['demo/main.ts'], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited, ...environment },
  });
  const dataDir = environment.VESTIBULE_DATA_DIR;
  const over = reapAfterUs({
    group: { pid: child.pid ?? 0, command: 'demo/main.ts' },
    ...(dataDir !== undefined && { dataDir }),
  });
  let output = '';
  let ended = false;
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  child.on('close', () => {
    ended = true;
    // After a SIGKILL its database runs on: that is for the test to see, and for the next start to take over.
    if (child.signalCode !== 'SIGKILL') over();
  });
  await until(() => ended || output.includes('Ctrl-C'), START_MS);
  if (ended || !output.includes('Ctrl-C')) {
    signalGroup(child, 'SIGKILL');
    throw new Error(`the demo does not start: ${output}`);
  }
  return {
    addresses: parseAddresses(output),
    output: () => output,
    async stop(signal = 'SIGINT') {
      const { stage } = parseAddresses(output);
      const broken = !ended && signal === 'SIGINT' && stage !== undefined ? await findBroken(stage) : [];
      if (!ended) signalGroup(child, signal);
      if (!(await until(() => ended, STOP_MS))) {
        signalGroup(child, 'SIGKILL');
        throw new Error(`the demo runs on after ${signal}: ${output}`);
      }
      if (broken.length > 0) throw new Error(`after what was played the stage answers ${broken.join(', ')}`);
      return child.exitCode;
    },
  };
}
