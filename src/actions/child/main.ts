/**
 * The process in which Actions run: is told its program once, then runs it as often as it is asked to, one execution at a time.
 * Holds nothing of the server; the order of the statements below is the order of the defences.
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

/** As many turns of the event loop as a refused connection takes to be gone, and some more. */
const BOOT_TURNS = 5;

let judge: ReturnType<typeof createJudge> = () => false;
let executor: Executor | undefined;
let isBusy = false;

function boot(message: BootMessage): void {
  judge = createJudge(message.network);
  if (message.ca !== undefined) trustCertificates(message.ca);
  executor = createExecutor(message);
  // What the start itself opened is closed first: it would count as a leftover of the first execution.
  void pass(BOOT_TURNS).then(() => send({ kind: 'ready' }));
}

async function follow(current: Executor, message: RunMessage): Promise<void> {
  try {
    await current.run(message);
    isBusy = false;
  } catch {
    // What the Action changed left no way to say how it ended. The server reads this as an answer that cannot be used.
    sendText('null');
    exit(1);
  }
}

function run(message: RunMessage): void {
  // One at a time: two would see each other's globals.
  if (executor !== undefined && !isBusy) {
    isBusy = true;
    void follow(executor, message);
  } else exit(1);
}

process.setUncaughtExceptionCaptureCallback((error) => {
  if (executor !== undefined) return executor.fail(error);
  // Before the program is there it is a mistake of this process's own: the server logs it.
  writeTo(2, String(error.stack));
  exit(1);
});
listen((message) => (message.kind === 'boot' ? boot(message) : run(message)));
guardNetwork((address, port) => judge(address, port));
redirectConsole((text) => executor?.print(text));
lockDown();
