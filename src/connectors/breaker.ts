/**
 * A circuit breaker per connection. If an identity provider is down or slow, only its own users are affected, and they
 * see an error page at once. It holds no timers and sends no requests of its own: the next caller is the probe.
 */
import type { Clock } from '../kernel/clock.js';
import { OutboundError } from './outbound/error.js';

export interface BreakerSettings {
  readonly clock: Clock;
  /** Number of consecutive failures after which the breaker opens. */
  readonly failuresToOpen?: number;
  /** Time without requests while open, in milliseconds; then one probe is let through. */
  readonly openMs?: number;
  /** Maximum number of calls of a connection at the same time. */
  readonly maxInFlight?: number;
}

export interface Breaker {
  /**
   * Runs `call` for `key`, or rejects at once with an {@link OutboundError} of kind `breaker_open` or `busy`. Only
   * time-outs and network failures count: an answer, even a wrong one, shows that the server is reachable.
   */
  run<T>(key: string, call: () => Promise<T>): Promise<T>;
}

interface Circuit {
  failures: number;
  inFlight: number;
  /** Monotonic time of the last failure while open; undefined while closed. */
  openedAtMs: number | undefined;
  probing: boolean;
}

/**
 * Maximum number of circuits in memory. The oldest unused one is dropped first, which loses at most a few counted
 * failures.
 */
const MAX_CIRCUITS = 5000;

function isConnectionTrouble(error: unknown): boolean {
  return error instanceof OutboundError && (error.kind === 'timeout' || error.kind === 'network');
}

/** Creates a breaker for any number of keys; it remembers only keys with failures or calls in progress. */
export function createBreaker(settings: BreakerSettings): Breaker {
  const { clock, failuresToOpen = 5, openMs = 15_000, maxInFlight = 64 } = settings;
  const circuits = new Map<string, Circuit>();

  const open = (key: string): Circuit => {
    const circuit: Circuit = { failures: 0, inFlight: 0, openedAtMs: undefined, probing: false };
    if (circuits.size >= MAX_CIRCUITS) {
      const idle = [...circuits].find(([, { inFlight }]) => inFlight === 0);
      if (idle) circuits.delete(idle[0]);
    }
    circuits.set(key, circuit);
    return circuit;
  };

  /**
   * Counts a call that starts. Returns true when the call is the probe of an open circuit. Throws {@link OutboundError}
   * when no call may start.
   */
  const enter = (circuit: Circuit): boolean => {
    // Without this limit, calls to a slow server would collect sockets and memory without end.
    if (circuit.inFlight >= maxInFlight) {
      throw new OutboundError('busy', `not asked: ${maxInFlight} calls are under way`);
    }
    const isOpen = circuit.openedAtMs !== undefined;
    const rested = isOpen && clock.monotonicMs() - (circuit.openedAtMs ?? 0) >= openMs;
    if (isOpen && (!rested || circuit.probing)) {
      throw new OutboundError('breaker_open', 'not asked: it could not be reached several times in a row just now');
    }
    if (isOpen) circuit.probing = true;
    circuit.inFlight += 1;
    return isOpen;
  };

  const leave = (key: string, circuit: Circuit, isProbe: boolean, failed: boolean): void => {
    circuit.inFlight -= 1;
    if (isProbe) circuit.probing = false;
    circuit.failures = failed ? circuit.failures + 1 : 0;
    if (!failed) circuit.openedAtMs = undefined;
    else if (circuit.failures >= failuresToOpen) circuit.openedAtMs = clock.monotonicMs();
    if (circuit.inFlight === 0 && circuit.failures === 0) circuits.delete(key);
  };

  return {
    async run(key, call) {
      const circuit = circuits.get(key) ?? open(key);
      const isProbe = enter(circuit);
      let failed = false;
      try {
        return await call();
      } catch (error) {
        failed = isConnectionTrouble(error);
        throw error;
      } finally {
        leave(key, circuit, isProbe, failed);
      }
    },
  };
}
