/**
 * The environment of a server command: the terminal, and functions that start a server or open its database. main.ts
 * builds it from `process` and src/compose, so commands import neither.
 */
import type { Config } from '../config/config.js';
import type { DoubleFacts } from '../double/facts.js';
import type { ActionKeeper } from '../ports/action-keeper.js';
import type { Examiner } from '../ports/examiner.js';
import type { KeyKeeper } from '../ports/key-keeper.js';
import type { OperatorKeeper } from '../ports/operator-keeper.js';
import type { Terminal } from '../terminal/terminal.js';

export interface RunningServer {
  /** Public origin of the server. */
  readonly origin: string;
  /** Link that makes the person who opens it the owner; undefined if there is an owner. Secret. */
  readonly firstOperatorLink?: string | undefined;
  /** Reads the certificate files again. */
  reload(): void;
  /** Stops accepting requests, finishes the current ones, closes the database. */
  close(): Promise<void>;
}

export interface StartOptions {
  /** Facts of a rehearsal tenant; undefined for an ordinary server. */
  readonly double: DoubleFacts | undefined;
  /** Processes that serve together at one port. */
  readonly workers: number;
  /** Ends the start, also a wait for the database; the start then rejects with an `AbortError`. */
  readonly signal: AbortSignal;
}

/** Starts the server of `config`. Throws {@link StartError} for errors that the operator can fix. */
export type StartServer = (config: Config, options: StartOptions) => Promise<RunningServer>;

/**
 * Variable with the process id of the primary, which only its workers have. Without it, a supervisor that starts processes
 * by the same means of Node (pm2 in cluster mode) would get a worker that waits for a primary.
 */
export const PRIMARY_VARIABLE = 'VESTIBULE_PRIMARY_PROCESS';

/** The process that started this one as one of its workers (`serve --workers`). */
export interface Primary {
  /** Says that this worker answers requests. The primary prints what an operator wants to know. */
  tellReady(server: RunningServer): void;
  /** Says why this worker cannot start. */
  tellFailed(reason: string): void;
}

export interface World extends Terminal {
  readonly startServer: StartServer;
  /** Set in a worker process only. */
  readonly primary?: Primary;
  /** Opens the database of `config`, with or without a running server. Throws {@link StartError}. */
  readonly openKeys: (config: Config) => Promise<KeyKeeper>;
  readonly openOperators: (config: Config) => Promise<OperatorKeeper>;
  readonly openActions: (config: Config) => Promise<ActionKeeper>;
  /** Prepares the checks of `vestibule doctor`; opens no connection yet. */
  readonly openExaminer: (config: Config) => Promise<Examiner>;
  /** Calls `reload` at every later SIGHUP. Not on a terminal, because closing it sends the same signal. */
  onHangup(reload: () => void): void;
}
