/**
 * A circuit breaker per connection, so that an identity provider that is dead or slow costs its own people a clear page at
 * once and nobody else anything. Holds no timers and starts no requests of its own: the next caller is the probe.
 */
import type { Clock } from '../kernel/clock.js';
import { OutboundError } from './outbound/error.js';

export interface BreakerSettings {
  readonly clock: Clock;
  /** Failures in a row after which nothing is sent any more. */
  readonly failuresToOpen?: number;
  /** How long nothing is sent, in milliseconds; then one probe is let through. */
  readonly openMs?: number;
  /** Calls under way at once, per connection. */
  readonly maxInFlight?: number;
}

export interface Breaker {
  /**
   * Runs `call` for `key`, or rejects at once with an {@link OutboundError} of kind `breaker_open` or `busy`.
   * Only time-outs and network failures count against the key: an answer, even a wrong one, shows that somebody is there.
   */
  run<T>(key: string, call: () => Promise<T>): Promise<T>;
}

interface Circuit {
  failures: number;
  inFlight: number;
  /** Monotonic time of the last failure that opened it; undefined while closed. */
  openedAtMs: number | undefined;
  probing: boolean;
}

function isConnectionTrouble(error: unknown): boolean {
  return error instanceof OutboundError && (error.kind === 'timeout' || error.kind === 'network');
}

/** A breaker over any number of keys. It remembers only keys in trouble or in use, so it does not grow with the tenants. */
export function createBreaker(settings: BreakerSettings): Breaker {
  const { clock, failuresToOpen = 5, openMs = 15_000, maxInFlight = 64 } = settings;
  const circuits = new Map<string, Circuit>();

  const enter = (key: string): Circuit => {
    const circuit = circuits.get(key) ?? { failures: 0, inFlight: 0, openedAtMs: undefined, probing: false };
    if (circuit.openedAtMs !== undefined) {
      const rested = clock.monotonicMs() - circuit.openedAtMs >= openMs;
      if (!rested || circuit.probing)
        throw new OutboundError('breaker_open', 'not asked: it failed too often just now');
      circuit.probing = true;
    }
    // A slow server would otherwise gather sockets and memory without limit.
    if (circuit.inFlight >= maxInFlight)
      throw new OutboundError('busy', `not asked: ${maxInFlight} calls are under way`);
    circuit.inFlight += 1;
    circuits.set(key, circuit);
    return circuit;
  };

  const leave = (key: string, circuit: Circuit, failed: boolean): void => {
    circuit.inFlight -= 1;
    circuit.probing = false;
    circuit.failures = failed ? circuit.failures + 1 : 0;
    if (!failed) circuit.openedAtMs = undefined;
    else if (circuit.failures >= failuresToOpen) circuit.openedAtMs = clock.monotonicMs();
    if (circuit.inFlight === 0 && circuit.failures === 0) circuits.delete(key);
  };

  return {
    async run(key, call) {
      const circuit = enter(key);
      let failed = false;
      try {
        return await call();
      } catch (error) {
        failed = isConnectionTrouble(error);
        throw error;
      } finally {
        leave(key, circuit, failed);
      }
    },
  };
}
