/** Why a request to another server got no answer. The message names at most the host, never a query, header or body. */

/** Why a request failed. `breaker_open` and `busy` come from the circuit breaker: nothing was sent. */
export type OutboundErrorKind = 'forbidden' | 'timeout' | 'network' | 'too_large' | 'breaker_open' | 'busy';

/** Thrown when a request got no answer, or none that may be read; `kind` says why. */
export class OutboundError extends Error {
  override name = 'OutboundError';
  constructor(
    readonly kind: OutboundErrorKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Finds the {@link OutboundError} in a chain of causes: libraries wrap the errors of a fetch. */
export function findOutboundError(error: unknown): OutboundError | undefined {
  let current = error;
  for (let depth = 0; depth < 6 && current instanceof Error; depth += 1) {
    if (current instanceof OutboundError) return current;
    current = current.cause;
  }
  return undefined;
}
