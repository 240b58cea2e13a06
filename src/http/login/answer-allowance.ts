/**
 * Limits, for each network, the answers of identity providers that prove nobody's identity. Attack: each answer makes
 * this server send a request to the provider's token endpoint, and anybody who has begun one login can invent answers.
 * That would flood the provider in this server's name, and use up the number of such requests that real people need. An
 * answer that proves an identity does not count. Counts per node, in memory.
 */
import type { Clock } from '../../kernel/clock.js';
import { type NetworkWidth, networksOf } from '../../kernel/networks.js';

const WINDOW_MS = 60_000;
/**
 * How many machines' shares a larger network gets. An office on a Monday brings more answers, but those prove
 * identities and do not count.
 */
const SHARES: Readonly<Record<NetworkWidth, number>> = { machine: 1, site: 2, block: 4 };

export interface AnswerAllowance {
  /**
   * Counts an answer from this address. Returns undefined when a network of this address has used up its share;
   * otherwise a function that undoes the count.
   */
  take(ip: string): (() => void) | undefined;
}

/**
 * Creates the limit. `perMachine` is the number of answers that one machine may bring in a minute. After each minute
 * the counts of all networks begin at zero.
 */
export function createAnswerAllowance(clock: Clock, perMachine: number): AnswerAllowance {
  let counts = new Map<string, number>();
  let startedAtMs = clock.monotonicMs();
  return {
    take(ip) {
      if (clock.monotonicMs() - startedAtMs >= WINDOW_MS) {
        counts = new Map();
        startedAtMs = clock.monotonicMs();
      }
      const here = counts;
      const networks = networksOf(ip);
      if (networks.some(({ name, width }) => (here.get(name) ?? 0) >= perMachine * SHARES[width])) return undefined;
      const change = (by: number) => {
        for (const { name } of networks) here.set(name, (here.get(name) ?? 0) + by);
      };
      change(1);
      return () => change(-1);
    },
  };
}
