/**
 * Starts the demo as the README says, waits until it prints its addresses and answers /health/ready, presses Ctrl-C and waits
 * for a clean end. Usage: node scripts/smoke-start.mjs 'npm ci && npm start'. Ends with 0 only if all of it happened.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const START_SECONDS = 360;
const STOP_SECONDS = 30;

const command = process.argv[2] ?? 'npm start';
// A process group of its own, because Ctrl-C in a terminal reaches every process of the command.
const child = spawn('bash', ['-c', command], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
let output = '';
let exit;
for (const stream of [child.stdout, child.stderr]) {
  stream.on('data', (chunk) => {
    output += chunk;
    process.stdout.write(chunk);
  });
}
child.on('close', (code, signal) => {
  exit = { code, signal };
});

/** Origins that were printed so far. */
function printedOrigins() {
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

async function waitUntilReady() {
  for (let waited = 0; waited < START_SECONDS && exit === undefined; waited += 1) {
    for (const origin of printedOrigins()) if (await isReady(origin)) return origin;
    await sleep(1000);
  }
  return undefined;
}

function signalGroup(signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

const origin = await waitUntilReady();
if (origin === undefined) {
  console.error(exit ? `smoke: ended with ${exit.code ?? exit.signal}` : `smoke: not ready after ${START_SECONDS} s`);
  signalGroup('SIGKILL');
  process.exit(1);
}
console.log(`smoke: ready at ${origin}; now Ctrl-C`);
signalGroup('SIGINT');
for (let waited = 0; waited < STOP_SECONDS * 10 && exit === undefined; waited += 1) await sleep(100);
const clean = exit?.code === 0 || exit?.code === 130 || exit?.signal === 'SIGINT';
if (!clean) {
  console.error(
    exit ? `smoke: Ctrl-C ended it with ${exit.code ?? exit.signal}` : `smoke: runs on ${STOP_SECONDS} s after Ctrl-C`,
  );
  signalGroup('SIGKILL');
  process.exit(1);
}
if (await isReady(origin)) {
  console.error(`smoke: something still answers at ${origin} after the end`);
  process.exit(1);
}
console.log('smoke: started, ready, stopped cleanly');
