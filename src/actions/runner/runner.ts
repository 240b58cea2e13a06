/**
 * Runs the tenant's Actions: implements src/ports/action-runner.ts. Gives a program to a contained process and returns
 * its result as a value. Code that fails, or does not answer, is a result too; it never makes this throw.
 */
import { readFileSync } from 'node:fs';
import type { ActionProgram, ActionReport } from '../../domain/actions/action.js';
import { StartError } from '../../kernel/errors.js';
import { joinLines } from '../../kernel/text.js';
import type { ActionFailure, ActionRunner, TriggerEnd, TriggerResult, TriggerRun } from '../../ports/action-runner.js';
import type { ChildEnd } from '../protocol.js';
import { ActionProcess, type Outcome, type ProcessEvents, type Progress } from './action-process.js';
import { findOversize, findWrongCommands } from './asked-sizes.js';
import { findLost, type Lost, toBootMessage } from './boot-message.js';
import { getBundle } from './bundles.js';
import { TriggerCaches } from './cache.js';
import { type Containment, createContainment } from './containment.js';
import { resolvePolicy } from './network.js';
import { type ActionRunnerOptions, DEFAULT_LIMITS, type RunnerLimits } from './options.js';
import { Pool, type Share } from './pool.js';
import { startWatchdog, type Watchdog } from './watchdog.js';

const DEFAULT_MAX_PROCESSES = 16;

/**
 * Maximum number of executions that may wait: for one person, and for one network or machine, which can be many people
 * or threads.
 */
const WAITING_PERSON = 32;
const WAITING_MANY = 256;

/**
 * Returns the shares that an execution counts for, in the order in which they take turns (turns.ts).
 * - An organization may use a quarter of the processes, so that its hanging Action leaves the rest to others. The same
 *   holds for an application without an organization.
 * - Within it one person may use an eighth, so that a loop of token renewals leaves processes to their colleagues.
 * - Strangers are people who have not yet proved who they are. Those from one `site` may use an eighth, for all
 *   applications together; those from one `block`, three sixteenths (kernel/networks.ts has both words). So a flood
 *   from one network makes nobody else wait.
 * - All strangers together may use half, so that people who have proved who they are never wait for strangers.
 */
function sharesOf(
  { organizationId, fairnessKey, party, stranger }: TriggerRun,
  maxProcesses: number,
): readonly Share[] {
  const part = (name: string, sixteenths: number): Share => ({
    name,
    most: Math.max(1, Math.floor((maxProcesses * sixteenths) / 16)),
  });
  // Executions without an organization or a `fairnessKey` share one queue.
  const owner = organizationId ?? fairnessKey ?? '';
  if (stranger === undefined) {
    if (party === undefined) return [part(owner, 4)];
    const mostWaiting = party.kind === 'person' ? WAITING_PERSON : WAITING_MANY;
    return [part(owner, 4), { ...part(`${party.kind} ${party.name}`, 2), mostWaiting }];
  }
  const { customer, block } = stranger;
  return [
    part(`from ${block}`, 3),
    { ...part(`from ${customer}`, 2), mostWaiting: WAITING_MANY },
    part(`strangers of ${owner}`, 4),
    part('strangers', 8),
  ];
}

export interface ClosableActionRunner extends ActionRunner {
  /** Makes a process ready for `program` before the first login needs it. */
  prepare(program: ActionProgram): void;
  /** Kills all processes; executions in progress fail with `died`. Resolves when none is left. */
  close(): Promise<void>;
}

/** Collects the report of each Action in the form that an administrator sees. */
class Reports {
  readonly list: (ActionReport & { console: string[] })[] = [];
  #startedMs = 0;

  constructor(
    readonly program: ActionProgram,
    readonly limits: RunnerLimits,
    readonly options: ActionRunnerOptions,
  ) {}

  get name(): string {
    return this.list.at(-1)?.name ?? this.program.actions[0]?.name ?? '';
  }

  take(message: Progress): void {
    const last = this.list.at(-1);
    if (message.kind === 'begin') this.#begin(message.index);
    else if (last === undefined) return;
    else if (message.kind === 'line') this.#print(last.console, message.text);
    else this.#replaceLast({ durationMs: message.durationMs, error: message.error });
  }

  /** Marks the Action that was running when the process was killed as failed. */
  fail(message: string): void {
    const last = this.list.at(-1);
    if (last === undefined || last.error !== undefined) return;
    const durationMs = this.options.clock.monotonicMs() - this.#startedMs;
    this.#replaceLast({ durationMs, error: { name: 'Error', message, stack: `Error: ${message}` } });
  }

  #begin(index: number): void {
    const action = this.program.actions[index];
    if (action === undefined || this.list.length >= this.program.actions.length) return;
    const { actionId, versionId, name } = action;
    this.#startedMs = this.options.clock.monotonicMs();
    const startedAt = this.options.clock.now().getTime();
    this.list.push({ actionId, versionId, name, startedAt, durationMs: 0, console: [], error: undefined });
  }

  #print(lines: string[], text: string): void {
    const { consoleLines, consoleChars } = this.limits;
    const line = joinLines(text);
    if (lines.length < consoleLines)
      lines.push(line.length > consoleChars ? `${line.slice(0, consoleChars - 1)}…` : line);
  }

  #replaceLast(change: Partial<ActionReport>): void {
    const last = this.list.pop();
    if (last !== undefined) this.list.push({ ...last, ...change, console: last.console });
  }
}

/** Returns the sentence that reports a failure. It is shown in the place of an exception's message. */
function toSentence(failure: ActionFailure, name: string, program: ActionProgram, limits: RunnerLimits): string {
  const action = `the Action ${name}`;
  const seconds = (milliseconds: number) => `${milliseconds / 1_000} s`;
  switch (failure) {
    case 'timeout':
      return `${action} took longer than ${seconds(limits.wallMs)}`;
    case 'cpu':
      return `${action} used more than ${seconds(limits.cpuMs)} of processor time`;
    case 'memory':
      return `${action} used more memory than it may`;
    case 'output':
      return `${action} printed more than it may`;
    case 'result':
      return `${action} gave an answer that cannot be used`;
    case 'module':
      return `${action} needs a module that is not stored any more: give it another version of the module, and deploy it`;
    case 'busy':
      return `no process for the Actions of ${program.trigger} was free within ${seconds(limits.wallMs)}`;
    default:
      return `${action} ended its process`;
  }
}

function toEnd(end: ChildEnd): TriggerEnd {
  if (end.kind !== 'failed') return end;
  return { kind: 'failed', failure: end.failure, message: end.error.message, detail: end.error.stack };
}

function readCertificates(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(`the certificates that Actions trust cannot be read: ${(error as Error).message}`);
  }
}

/**
 * Logs that already have the line about missing means of containment. Each log gets it once, for any number of runners.
 */
const warned = new WeakSet<object>();

class Runner implements ClosableActionRunner {
  readonly #limits: RunnerLimits;
  readonly #caches: TriggerCaches;
  readonly #containment: Containment;
  #watchdog: Watchdog | undefined;
  readonly #pool: Pool;
  readonly #maxProcesses: number;
  readonly #ca: string | undefined;

  constructor(readonly options: ActionRunnerOptions) {
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#caches = new TriggerCaches(options.clock);
    this.#containment = createContainment(this.#limits);
    this.#ca = options.caFile === undefined ? undefined : readCertificates(options.caFile);
    // Loads the bundle now, so that a missing build fails the start and not the first login.
    getBundle('child');
    this.#maxProcesses = options.maxProcesses ?? DEFAULT_MAX_PROCESSES;
    this.#pool = new Pool({
      maxProcesses: this.#maxProcesses,
      idleMs: this.#limits.idleMs,
      waitMs: this.#limits.wallMs,
      keepsSpares: options.keepsSpares ?? true,
      clock: options.clock,
      log: options.log,
      start: (program, events) => this.#start(program, events),
    });
    const { missing } = this.#containment;
    if (missing.length > 0 && !warned.has(options.log))
      options.log.warn({ missing }, `processes for Actions run without ${missing.join(', without ')}`);
    warned.add(options.log);
  }

  async run(run: TriggerRun): Promise<TriggerResult> {
    const { program } = run;
    if (run.from >= program.actions.length) return { end: { kind: 'done' }, effects: run.effects, reports: [] };
    const lost = findLost(program);
    if (lost !== undefined) return this.#toLost(run, lost);
    const lease = await this.#pool.acquire(program, {
      shares: sharesOf(run, this.#maxProcesses),
      isWanted: run.isWanted,
    });
    const reports = new Reports(program, this.#limits, this.options);
    if (lease === 'crowded')
      return this.#toFailure(run, 'busy', 'refused at once: too many wait for this person or machine already', reports);
    if (typeof lease === 'string') return this.#toFailure(run, lease, '', reports);
    const { event, from, resume, effects } = run;
    const cache = this.#caches.read(program.trigger);
    reports.take({ kind: 'begin', index: from });
    const outcome = await lease.process.run({ kind: 'run', event, from, resume, effects, cache }, (message) =>
      reports.take(message),
    );
    lease.release();
    return this.#toResult(run, outcome, reports);
  }

  prepare(program: ActionProgram): void {
    if (program.actions.length > 0) this.#pool.prepare(program);
  }

  async close(): Promise<void> {
    await this.#pool.close();
    this.#watchdog?.close();
  }

  #toResult(run: TriggerRun, outcome: Outcome, reports: Reports): TriggerResult {
    if (outcome.kind === 'failed') return this.#toFailure(run, outcome.failure, outcome.detail, reports);
    const { end, effects, cache } = outcome.message;
    // Here the process claims a pause by an Action that does not exist, or did not run.
    if ('index' in end && (end.index < run.from || end.index >= run.program.actions.length))
      return this.#toFailure(run, 'result', `a ${end.kind} from an Action that did not run`, reports);
    const asked = [...run.effects, ...effects];
    const wrong = findWrongCommands(end, effects, asked);
    if (wrong !== undefined) return this.#toFailure(run, 'result', wrong, reports);
    const oversize = findOversize(asked);
    if (oversize !== undefined) return this.#toFailure(run, 'result', oversize, reports);
    this.#caches.apply(run.program.trigger, cache);
    return { end: toEnd(end), effects: asked, reports: reports.list };
  }

  /**
   * Fails the execution before any Action runs, because a module of one is no longer stored. Otherwise code that
   * catches the exception of `require` would continue without the check that its module makes.
   */
  #toLost(run: TriggerRun, { index, module }: Lost): TriggerResult {
    const reports = new Reports(run.program, this.#limits, this.options);
    reports.take({ kind: 'begin', index });
    return this.#toFailure(run, 'module', `${module.name}, version ${module.number}`, reports);
  }

  #toFailure(run: TriggerRun, failure: ActionFailure, detail: string, reports: Reports): TriggerResult {
    const message = toSentence(failure, reports.name, run.program, this.#limits);
    reports.fail(message);
    const end = {
      kind: 'failed',
      failure,
      message,
      detail: detail === '' ? message : `${message} (${detail})`,
    } as const;
    return { end, effects: run.effects, reports: reports.list };
  }

  #start(program: ActionProgram, events: ProcessEvents): ActionProcess {
    this.#watchdog ??= startWatchdog();
    const watchdog = this.#watchdog;
    const process = new ActionProcess(this.#containment.spawn(), program, this.#limits, {
      onIdle: (one) => events.onIdle(one),
      onLeftover: (one, leftover) => events.onLeftover(one, leftover),
      onExit: (one) => {
        if (one.pid !== undefined) watchdog?.forget(one.pid);
        events.onExit(one);
      },
    });
    if (process.pid !== undefined) watchdog?.watch(process.pid);
    resolvePolicy(this.options)
      .then((network) => process.boot(getBundle('child'), toBootMessage(program, this.#limits, network, this.#ca)))
      // An unreadable package (files replaced under a running server) must not crash the server.
      .catch((error: unknown) => process.giveUpStarting(String(error)));
    return process;
  }
}

/**
 * Creates a runner that executes Actions in processes of their own. Logs one line about means of containment that the
 * platform lacks. Throws StartError when the bundles were not built, or `caFile` cannot be read.
 */
export function createActionRunner(options: ActionRunnerOptions): ClosableActionRunner {
  return new Runner(options);
}
