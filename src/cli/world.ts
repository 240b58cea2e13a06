/**
 * The reach of a command of the server: the terminal, and the ways to start a server or open its database. main.ts builds it from
 * `process` and src/compose, so commands import neither.
 */
import type { Config } from '../config/config.js';
import type { DoubleFacts } from '../double/facts.js';
import type { ActionKeeper } from '../ports/action-keeper.js';
import type { Examiner } from '../ports/examiner.js';
import type { KeyKeeper } from '../ports/key-keeper.js';
import type { OperatorKeeper } from '../ports/operator-keeper.js';
import type { Terminal } from '../terminal/terminal.js';

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

export interface World extends Terminal {
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
}
