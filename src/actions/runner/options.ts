/** Options of the runner of Actions, and the limits of an execution. */
import type { Clock } from '../../kernel/clock.js';

export interface RunnerLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface RunnerLimits {
  /** Time limit of one execution of a trigger, and of the wait for a free process. Auth0's limit is 20 s. */
  readonly wallMs: number;
  /** Processor time limit of one execution. */
  readonly cpuMs: number;
  /** Resident memory limit of the process. */
  readonly memoryBytes: number;
  /** The part of `memoryBytes` that JavaScript objects may use. */
  readonly heapMegabytes: number;
  /** Largest message from a process, in bytes. */
  readonly resultBytes: number;
  /** Maximum number of bytes that one execution may write to stdout and stderr; `console` writes to neither. */
  readonly outputBytes: number;
  readonly consoleLines: number;
  readonly consoleChars: number;
  /** Time after which an idle process is killed. */
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
  /** Private addresses and networks that Actions may reach (VESTIBULE_OUTBOUND_ALLOW). */
  readonly outboundAllow: readonly string[];
  /** Hosts that Actions never reach, even if `outboundAllow` names them: the database. Names or addresses. */
  readonly denied: readonly { readonly host: string; readonly port: number }[];
  /** File of additional certificates (PEM) that Actions trust. */
  readonly caFile?: string | undefined;
  readonly limits?: Partial<RunnerLimits> | undefined;
  /**
   * Maximum number of processes at the same time, 16 by default. An organization may use a quarter of them. People of
   * one network who have not yet proved who they are may use an eighth.
   */
  readonly maxProcesses?: number | undefined;
  /** True (the default) keeps one free process ready. False where no person waits for an execution. */
  readonly keepsSpares?: boolean | undefined;
  readonly log: RunnerLog;
  readonly clock: Clock;
}
