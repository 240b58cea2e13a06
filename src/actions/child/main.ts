/**
 * The main program of a process for Actions. Receives its Actions once, then runs them for each request, one execution
 * at a time. Holds no data of the server. The order of the statements below matters: each defence relies on those
 * before it.
 */
import type { BootMessage, RunMessage } from '../protocol.js';
import { listen, send, sendText } from './channel.js';
import { redirectConsole } from './console.js';
import { createExecutor, type Executor } from './execute.js';
import { pass } from './leftovers.js';
import { lockDown } from './lock-down.js';
import { createJudge, guardNetwork } from './network.js';
import { exit, writeTo } from './primordials.js';
import { trustCertificates } from './trust.js';

/** Turns of the event loop before the process is ready: a few more than closing a refused connection needs. */
const BOOT_TURNS = 5;

let judge: ReturnType<typeof createJudge> = () => false;
let executor: Executor | undefined;
let isBusy = false;

function boot(message: BootMessage): void {
  judge = createJudge(message.network);
  if (message.ca !== undefined) trustCertificates(message.ca);
  executor = createExecutor(message);
  // Waits until handles that the start opened are closed. Otherwise they would count as leftovers of the first
  // execution.
  void pass(BOOT_TURNS).then(() => send({ kind: 'ready' }));
}

async function follow(current: Executor, message: RunMessage): Promise<void> {
  try {
    await current.run(message);
    isBusy = false;
  } catch {
    // The Action changed so much that the end of its execution cannot be reported. The server treats this text as a
    // malformed message.
    sendText('null');
    exit(1);
  }
}

function run(message: RunMessage): void {
  // Only one execution runs at a time, because two would share their globals.
  if (executor !== undefined && !isBusy) {
    isBusy = true;
    void follow(executor, message);
  } else exit(1);
}

process.setUncaughtExceptionCaptureCallback((error) => {
  if (executor !== undefined) return executor.fail(error);
  // Before the program has arrived, an exception is a bug of this process itself; the server logs it.
  writeTo(2, String(error.stack));
  exit(1);
});
listen((message) => (message.kind === 'boot' ? boot(message) : run(message)));
guardNetwork((address, port) => judge(address, port));
redirectConsole((text) => executor?.print(text));
lockDown();
