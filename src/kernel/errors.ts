/**
 * Faults: thrown when something outside this process failed. A *refusal* (the answer "no" to a login) is never thrown,
 * it is a value (see login/refusals.ts); a *bug* is an assertion (see assert.ts).
 */

export type FaultKind = 'database' | 'database_full' | 'network' | 'timeout' | 'provider' | 'crypto';

/** Thrown when something outside this process failed; `kind` says what, or how. */
export class Fault extends Error {
  override name = 'Fault';
  constructor(
    readonly kind: FaultKind,
    message: string,
    /** True when another attempt may succeed. */
    readonly retryable: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/**
 * Thrown when the server cannot start, for example with a wrong environment or data directory. Its message is printed
 * unchanged, then the process exits.
 */
export class StartError extends Error {
  override name = 'StartError';
}

/**
 * Returns the message of any thrown value, or that of the cause, which Node's fetch and sockets hide one level down.
 */
export function toMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors[0] instanceof Error) return cause.errors[0].message;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
