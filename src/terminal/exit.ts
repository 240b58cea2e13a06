/**
 * Exit codes of commands, and the error that carries one. A command never calls `process.exit`: it returns a code or
 * throws, and main.ts ends the process.
 */

/** 0: done. 1: the answer is no. 2: wrong use. 3: another system failed (a server, a database). */
export const EXIT = { done: 0, no: 1, wrongUse: 2, otherSide: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Thrown to end a command. Has the reason, and in a second line the remedy. Neither holds a secret. */
export class CommandError extends Error {
  override name = 'CommandError';
  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly advice?: string,
  ) {
    super(message);
  }
}
