/** The options of a runner, and the limits of an execution. */
import type { Clock } from '../../kernel/clock.js';

export interface RunnerLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface RunnerLimits {
  /** Whole time of one execution of a trigger, and the longest wait for a free process; Auth0's is 20 s. */
  readonly wallMs: number;
  /** Processor time of one execution. */
  readonly cpuMs: number;
  /** Resident memory of the process, for any use. */
  readonly memoryBytes: number;
  /** The part of it that JavaScript objects may take. */
  readonly heapMegabytes: number;
  /** The largest answer. */
  readonly resultBytes: number;
  /** Output to standard output and error past `console`. */
  readonly outputBytes: number;
  readonly consoleLines: number;
  readonly consoleChars: number;
  /** A process that was not needed for this time ends. */
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
  /** Public origin of this server: the one private address that Actions may always call. */
  readonly origin: string;
  /** VESTIBULE_OUTBOUND_ALLOW: addresses and networks that may be reached although they are private. */
  readonly outboundAllow: readonly string[];
  /** Never reached, whatever `outboundAllow` says: the database. Names or addresses. */
  readonly denied: readonly { readonly host: string; readonly port: number }[];
  /** Certificates (PEM) that Actions trust beside the usual ones. */
  readonly caFile?: string | undefined;
  readonly limits?: Partial<RunnerLimits> | undefined;
  /** All processes together, 16 by default; an organization may hold a quarter of them at once, one network of strangers an eighth. */
  readonly maxProcesses?: number | undefined;
  /** True by default: one free process is kept ready. False where nobody waits for the next execution. */
  readonly keepsSpares?: boolean | undefined;
  readonly log: RunnerLog;
  readonly clock: Clock;
}
