/** The reach of every command: environment, outputs, input, the signal to stop. Built by main.ts; no command touches `process`. */
import type { Environment } from '../config/environment.js';

export interface Terminal {
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
  /** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
  untilStopped(): Promise<void>;
}
