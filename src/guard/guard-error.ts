/** The error of the guard's tools: the reason, whose fault it is, and how to go on. Holds no secret. The command line gives it an exit code. */
export class GuardError extends Error {
  override name = 'GuardError';
  constructor(
    /** `use`: the command or its files are wrong. `tenant`: the tenant does something else than it should. */
    readonly fault: 'use' | 'tenant',
    message: string,
    readonly advice?: string,
  ) {
    super(message);
  }
}
