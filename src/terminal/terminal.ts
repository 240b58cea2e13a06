/**
 * The environment of every command: variables, outputs, input, the signal to stop. main.ts builds it; no command reads
 * `process`.
 */
import type { Environment } from '../config/environment.js';

export interface Terminal {
  readonly env: Environment;
  /** Prints a line of the command's answer (stdout). */
  out(line: string): void;
  /** Prints a line that is no part of the answer: errors, progress (stderr). */
  note(line: string): void;
  /** Replaces the last line on the terminal (stderr); '' removes it. Undefined where stderr is no terminal. */
  readonly showLine?: (line: string) => void;
  /** Width of the terminal in columns. */
  readonly width: number;
  /** True if `out` has colours: stdout is a terminal, and nothing says otherwise (terminal/colours.ts). */
  readonly colourful: boolean;
  /** True if `note` has colours: stderr is a terminal, and nothing says otherwise. */
  readonly colourfulNotes?: boolean;
  /** Reads all of stdin as UTF-8. */
  readInput(): Promise<string>;
  /** Resolves at the first SIGINT or SIGTERM; a second signal ends the process at once. */
  untilStopped(): Promise<void>;
}
