/**
 * Starts a server by its command, waits until it prints its addresses and answers /health/ready, sends Ctrl-C and waits
 * for a clean end. Usage: node scripts/smoke-start.mjs 'npm ci && npm start'. Exits with 0 only if all of this
 * happened. Plain JavaScript, because it runs before `npm ci`.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const START_SECONDS = 360;
const STOP_SECONDS = 30;

/** Returns the origins that were printed so far. */
function printedOrigins(output) {
  return new Set(
    [...output.matchAll(/https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?/g)].map(([origin]) => origin),
  );
}

async function isReady(origin) {
  try {
    const response = await fetch(`${origin}/health/ready`, { redirect: 'manual', signal: AbortSignal.timeout(2000) });
    return response.status === 200;
  } catch {
    return false;
  }
}

/**
 * Starts the command in a process group of its own, because Ctrl-C in a terminal reaches every process of a command.
 */
function startGroup(command, { cwd, env, see }) {
  const child = spawn('bash', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const run = { output: '', exit: undefined };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      run.output += chunk;
      see(chunk);
    });
  }
  child.on('close', (code, signal) => {
    run.exit = { code, signal };
  });
  run.signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group is gone already.
    }
  };
  return run;
}

async function waitUntilReady(run) {
  for (let waited = 0; waited < START_SECONDS && run.exit === undefined; waited += 1) {
    for (const origin of printedOrigins(run.output)) if (await isReady(origin)) return origin;
    await sleep(1000);
  }
  throw new Error(run.exit ? `ended with ${run.exit.code ?? run.exit.signal}` : `not ready after ${START_SECONDS} s`);
}

/** Sends Ctrl-C. Throws unless the command ends cleanly and nothing answers any more. */
async function stop(run, origin) {
  run.signal('SIGINT');
  for (let waited = 0; waited < STOP_SECONDS * 10 && run.exit === undefined; waited += 1) await sleep(100);
  const { exit } = run;
  if (exit === undefined) throw new Error(`runs on ${STOP_SECONDS} s after Ctrl-C`);
  if (exit.code !== 0 && exit.code !== 130 && exit.signal !== 'SIGINT')
    throw new Error(`Ctrl-C ended it with ${exit.code ?? exit.signal}`);
  if (await isReady(origin)) throw new Error(`something still answers at ${origin} after the end`);
}

/** Reports the first failure only. The server is stopped as usual after it. */
async function settle(act) {
  try {
    await act();
    return {};
  } catch (error) {
    return { error };
  }
}

/**
 * Starts `command` in bash, calls `whenReady` with the origin that answers, and stops it. Passes its output to `see`.
 * Throws with the reason of a failure. No process of the command is left in any case.
 */
export async function playStart(command, { cwd, env, see = () => {}, whenReady = () => {} } = {}) {
  const run = startGroup(command, { cwd, env, see });
  const interrupt = () => run.signal('SIGINT');
  // If somebody interrupts this program, the command must stop too: in its own group it would run on.
  process.prependOnceListener('exit', interrupt);
  try {
    const origin = await waitUntilReady(run);
    const outcomes = [await settle(() => whenReady(origin)), await settle(() => stop(run, origin))];
    const failed = outcomes.find(({ error }) => error !== undefined);
    if (failed !== undefined) throw failed.error;
  } finally {
    run.signal('SIGKILL');
    process.off('exit', interrupt);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await playStart(process.argv[2] ?? 'npm start', {
      see: (chunk) => process.stdout.write(chunk),
      whenReady: (origin) => console.log(`smoke: ready at ${origin}; now Ctrl-C`),
    });
    console.log('smoke: started, ready, stopped cleanly');
  } catch (error) {
    console.error(`smoke: ${error.message}`);
    process.exitCode = 1;
  }
}
