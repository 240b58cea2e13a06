/** Options of a runner, and limits of an execution. */
import type { Clock } from '../../kernel/clock.js';

export interface RunnerLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface RunnerLimits {
  /** Time limit of one execution of a trigger, and of the wait for a free process; Auth0's is 20 s. */
  readonly wallMs: number;
  /** Processor time limit of one execution. */
  readonly cpuMs: number;
  /** Resident memory limit of the process. */
  readonly memoryBytes: number;
  /** The part of `memoryBytes` that JavaScript objects may use. */
  readonly heapMegabytes: number;
  /** Largest complete answer, in bytes. */
  readonly resultBytes: number;
  /** Most bytes that one execution may write to stdout and stderr; `console` writes to neither. */
  readonly outputBytes: number;
  readonly consoleLines: number;
  readonly consoleChars: number;
  /** Idle time after which a process is ended. */
  readonly idleMs: number;
}

export const DEFAULT_LIMITS: RunnerLimits = {
  wallMs: 20_000,
  cpuMs: 10_000,
  memoryBytes: 256 * 1_048_576,
  heapMegabytes: 128,
  resultBytes: 1_048_576,
  outputBytes: 1_048_576,
  consoleLines: 20,
  consoleChars: 256,
  idleMs: 60_000,
};

export interface ActionRunnerOptions {
  /** Public origin of this server: the only private address that Actions may always call. */
  readonly origin: string;
  /** VESTIBULE_OUTBOUND_ALLOW: private addresses and networks that may be reached. */
  readonly outboundAllow: readonly string[];
  /** Hosts that Actions never reach, whatever `outboundAllow` says: the database. Names or addresses. */
  readonly denied: readonly { readonly host: string; readonly port: number }[];
  /** File of additional certificates (PEM) that Actions trust. */
  readonly caFile?: string | undefined;
  readonly limits?: Partial<RunnerLimits> | undefined;
  /**
   * Most processes, 16 by default. At the same time, an organization may hold a quarter of them, and one network of
   * strangers an eighth.
   */
  readonly maxProcesses?: number | undefined;
  /** True (the default) keeps one free process ready. False where no person waits for the next execution. */
  readonly keepsSpares?: boolean | undefined;
  readonly log: RunnerLog;
  readonly clock: Clock;
}
