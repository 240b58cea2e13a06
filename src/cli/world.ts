/**
 * The part of the process that a command may touch: its environment, its two outputs, signals, and the way to start a server. main.ts
 * builds it from `process` and compose/server.ts, so commands import neither.
 */
import type { Config } from '../config/config.js';
import type { DoubleFacts } from '../double/facts.js';
import type { ActionKeeper } from '../ports/action-keeper.js';
import type { Examiner } from '../ports/examiner.js';
import type { KeyKeeper } from '../ports/key-keeper.js';
import type { OperatorKeeper } from '../ports/operator-keeper.js';
import type { Environment } from './tenant-access.js';

export interface RunningServer {
  /** The public origin of the server. */
  readonly origin: string;
  /** Makes its holder the owner; undefined where there is one. Secret. */
  readonly firstOperatorLink?: string | undefined;
  /** Reads the files of the certificate again. */
  reload(): void;
  /** Stops taking requests, finishes the current ones, closes the database. */
  close(): Promise<void>;
}

/**
 * Starts the server of `config`; with `double` it is a rehearsal tenant with these facts. Throws {@link StartError} for errors that its
 * operator can fix.
 */
export type StartServer = (config: Config, double?: DoubleFacts) => Promise<RunningServer>;

export interface World {
  readonly env: Environment;
  /** Prints a line of the answer (stdout). */
  out(line: string): void;
  /** Prints a line beside the answer: errors, progress (stderr). */
  note(line: string): void;
  /** Replaces the last line of the terminal (stderr), '' removes it; undefined where stderr is no terminal. */
  readonly showLine?: (line: string) => void;
  /** Columns that lines may take. */
  readonly width: number;
  /** The output is a terminal and NO_COLOR is not set. */
  readonly colourful: boolean;
  /** All of stdin as UTF-8. */
  readInput(): Promise<string>;
  readonly startServer: StartServer;
  /** Opens the database of `config`, beside a server that runs on it or alone. Throws {@link StartError}. */
  readonly openKeys: (config: Config) => Promise<KeyKeeper>;
  /** The same for `vestibule operator`. */
  readonly openOperators: (config: Config) => Promise<OperatorKeeper>;
  /** The same for `vestibule actions`. */
  readonly openActions: (config: Config) => Promise<ActionKeeper>;
  /** For `vestibule doctor`; opens nothing yet. */
  readonly openExaminer: (config: Config) => Promise<Examiner>;
  /** Calls `reload` at every SIGHUP from now on. Not on a terminal, since its end sends the same signal. */
  onHangup(reload: () => void): void;
  /** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
  untilStopped(): Promise<void>;
}
