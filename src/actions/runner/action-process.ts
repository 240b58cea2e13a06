/**
 * The server's view of one process for Actions. Starts its program (the Actions of one trigger, with their modules),
 * runs it, watches it, and kills the process if it breaks a limit. Trusts no message of the process, and never reuses
 * the process after a failure.
 */
import type { ChildProcess } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { ActionProgram } from '../../domain/actions/action.js';
import type { ActionFailure } from '../../ports/action-runner.js';
import { FrameReader, toFrame } from '../frames.js';
import { type BootMessage, type FromChild, INBOUND_FD, OUTBOUND_FD, type RunMessage } from '../protocol.js';
import { lifetimeCpuMs } from './containment.js';
import type { RunnerLimits } from './options.js';
import { parseMessage } from './parse-frame.js';
import { readUsage } from './usage.js';

/** Time limits for starting, and for cleaning up after an execution, in milliseconds. */
const BOOT_MS = 15_000;
const SETTLE_MS = 2_000;
const KEPT_STDERR = 4_096;
/** The lowest priority (nice). A process gets it when one execution has used `LONG_CPU_MS` of processor time. */
const LAST = 19;
const LONG_CPU_MS = 250;

export type Outcome =
  | { readonly kind: 'result'; readonly message: Extract<FromChild, { kind: 'result' }> }
  | { readonly kind: 'failed'; readonly failure: ActionFailure; readonly detail: string };

export type Progress = Extract<FromChild, { kind: 'begin' | 'line' | 'end' }>;

interface Execution {
  readonly onProgress: (message: Progress) => void;
  readonly resolve: (outcome: Outcome) => void;
  readonly timer: NodeJS.Timeout;
  bytes: number;
  output: number;
  /** Processor time used before this execution; undefined until the first check. */
  cpuBase: number | undefined;
}

export interface ProcessEvents {
  /** Called when the process is ready for the next execution. */
  onIdle(process: ActionProcess): void;
  onExit(process: ActionProcess): void;
  onLeftover(process: ActionProcess, leftover: string): void;
}

type State = 'starting' | 'idle' | 'running' | 'settling' | 'dead';

export class ActionProcess {
  state: State = 'starting';
  /** False until the process has been ready for an execution once. */
  isProven = false;
  /** Monotonic time at which the process last became idle, in milliseconds. */
  idleSince = 0;
  readonly pid: number | undefined;
  readonly #child: ChildProcess;
  readonly #reader: FrameReader;
  #execution: Execution | undefined;
  #stateTimer: NodeJS.Timeout | undefined;
  #stderr = '';
  #cpuMs = 0;
  #isDemoted = false;
  #failure: { failure: ActionFailure; detail: string } | undefined;

  constructor(
    child: ChildProcess,
    readonly program: ActionProgram,
    readonly limits: RunnerLimits,
    readonly events: ProcessEvents,
  ) {
    this.#child = child;
    this.pid = child.pid;
    this.#reader = new FrameReader(limits.resultBytes);
    // One limit suits all messages, since none is longer than a result.
    this.#outbound().on('data', (chunk: Buffer) => this.#receive(chunk));
    child.stdout?.on('data', (chunk: Buffer) => this.#count(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      // Keeps only the end of the output, because V8 prints the cause of a crash last.
      this.#stderr = (this.#stderr + chunk.toString('utf8')).slice(-KEPT_STDERR);
      this.#count(chunk);
    });
    for (const stream of child.stdio) stream?.on('error', () => {});
    child.on('error', (error) => this.#end(`it could not be started: ${error.message}`));
    // Waits for `close` instead of `exit`, because it comes after all output of the process.
    child.on('close', (code, signal) => this.#end(`${signal ?? `code ${code ?? '?'}`}`));
    this.#stateTimer = setTimeout(() => this.giveUpStarting('it did not start in time'), BOOT_MS);
    this.#unref();
  }

  /** Starts the program. `source` is the code of the process, `message` the first message to it. */
  boot(source: string, message: BootMessage): void {
    this.#child.stdin?.end(source);
    this.#inbound().write(toFrame(message));
  }

  /** Runs the program once. Always resolves, at the latest after `wallMs`. */
  run(message: RunMessage, onProgress: (message: Progress) => void): Promise<Outcome> {
    this.state = 'running';
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.kill('timeout', 'no answer in time'), this.limits.wallMs);
      this.#execution = { onProgress, resolve, timer, bytes: 0, output: 0, cpuBase: undefined };
      this.#inbound().write(toFrame(message));
    });
  }

  /** Kills the process at once. The current execution fails with `failure`. */
  kill(failure: ActionFailure, detail: string): void {
    if (this.state === 'dead') return;
    this.#failure ??= { failure, detail };
    this.#child.kill('SIGKILL');
    this.#settle({ kind: 'failed', ...this.#failure });
    this.state = 'dead';
  }

  /**
   * Compares the process's memory and processor time with the limits. Must be called regularly while the process runs.
   */
  async checkUsage(): Promise<void> {
    if (this.pid === undefined || (this.state !== 'running' && this.state !== 'settling')) return;
    const execution = this.#execution;
    const pending = readUsage(this.pid);
    const usage = pending instanceof Promise ? await pending : pending;
    if (usage === undefined) return;
    this.#cpuMs = usage.cpuMs;
    if (usage.memoryBytes > this.limits.memoryBytes) this.kill('memory', `${usage.memoryBytes} bytes resident`);
    if (execution === undefined || execution !== this.#execution) return;
    execution.cpuBase ??= usage.cpuMs;
    const used = usage.cpuMs - execution.cpuBase;
    // Lowers the priority, so that other logins run first. The priority stays low, because this process is not used
    // again.
    if (used > LONG_CPU_MS && !this.#isDemoted) this.#isDemoted = this.#demote();
    if (used > this.limits.cpuMs) this.kill('cpu', `${used} ms`);
  }

  /** True when this server ended the process by `kill`. */
  get wasKilled(): boolean {
    return this.#failure !== undefined;
  }

  /** The end of the process's standard error, for the log if the process did not start. */
  get lastWords(): string {
    return this.#stderr;
  }

  /**
   * True when the process must not be reused: its priority is low, or its processor time comes near the kernel's limit.
   */
  isWornOut(): boolean {
    return this.#isDemoted || this.#cpuMs > lifetimeCpuMs(this.limits);
  }

  /**
   * Kills a process that cannot start. Unlike `kill`, leaves `wasKilled` false, so that the pool fails an execution
   * that waits for this process.
   */
  giveUpStarting(why: string): void {
    this.#stderr += why;
    this.#child.kill('SIGKILL');
  }

  /** Gives the process the lowest CPU priority. Returns false if the system refuses; true also if there is no process. */
  #demote(): boolean {
    try {
      if (this.pid !== undefined) setPriority(this.pid, LAST);
      return true;
    } catch {
      return false;
    }
  }

  #inbound(): Writable {
    return this.#child.stdio[INBOUND_FD] as Writable;
  }

  #outbound(): Readable {
    return this.#child.stdio[OUTBOUND_FD] as Readable;
  }

  /** Lets the server exit while this process still lives. */
  #unref(): void {
    this.#child.unref();
    this.#stateTimer?.unref();
    for (const stream of this.#child.stdio) {
      if (stream !== null && stream !== undefined && 'unref' in stream && typeof stream.unref === 'function')
        stream.unref();
    }
  }

  #count(chunk: Buffer): void {
    const execution = this.#execution;
    if (execution === undefined) {
      if (this.state === 'idle') this.kill('output', 'it wrote without being asked');
      return;
    }
    execution.output += chunk.length;
    if (execution.output > this.limits.outputBytes) this.kill('output', 'standard output and error');
  }

  #receive(chunk: Buffer): void {
    const execution = this.#execution;
    if (execution !== undefined) execution.bytes += chunk.length;
    try {
      // Allows the bytes of one result and of its console lines; more bytes are a flood.
      if ((execution?.bytes ?? 0) > this.limits.resultBytes * 2) throw new RangeError('too much was sent');
      for (const frame of this.state === 'dead' ? [] : this.#reader.read(chunk)) {
        const message = parseMessage(frame, this.program.trigger);
        if (message === undefined) throw new TypeError('a message that is malformed');
        this.#take(message);
      }
    } catch (error) {
      this.kill('result', (error as Error).message);
    }
  }

  #take(message: FromChild): void {
    const { kind } = message;
    if (this.state === 'starting' && kind === 'ready') this.#becomeIdle();
    else if (this.state === 'settling' && kind === 'clean') this.#finish(message.leftover);
    else if (this.state !== 'running' || kind === 'ready' || kind === 'clean')
      throw new TypeError(`a message out of turn: ${kind}`);
    else if (kind === 'result') {
      this.state = 'settling';
      this.#stateTimer = setTimeout(() => this.kill('died', 'it did not settle'), SETTLE_MS);
      this.#stateTimer.unref();
      this.#settle({ kind, message });
    } else this.#execution?.onProgress(message);
  }

  /** Ends an execution: the process is reused if it is unchanged, else it is killed. */
  #finish(leftover: string | undefined): void {
    if (leftover === undefined && !this.isWornOut()) {
      this.#becomeIdle();
      return;
    }
    this.events.onLeftover(this, leftover ?? 'its processor time');
    this.kill('died', 'not reused');
  }

  #becomeIdle(): void {
    clearTimeout(this.#stateTimer);
    this.state = 'idle';
    this.isProven = true;
    this.events.onIdle(this);
  }

  #settle(outcome: Outcome): void {
    const execution = this.#execution;
    this.#execution = undefined;
    if (execution === undefined) return;
    clearTimeout(execution.timer);
    execution.resolve(outcome);
  }

  #end(how: string): void {
    clearTimeout(this.#stateTimer);
    if (this.state !== 'dead') {
      const isHeap = /heap out of memory|Allocation failed|Array buffer allocation failed/.test(this.#stderr);
      const failure = isHeap ? 'memory' : how === 'SIGXCPU' ? 'cpu' : 'died';
      this.#settle({ kind: 'failed', failure: this.#failure?.failure ?? failure, detail: `the process ended: ${how}` });
      this.state = 'dead';
    }
    this.events.onExit(this);
  }
}
