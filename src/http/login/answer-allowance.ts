/**
 * Limits the answers of identity providers that prove nobody, for each network. Attack: each answer causes a request to
 * the provider's token endpoint, and anybody who has begun one login can invent codes for it. That would flood the
 * provider in this server's name, and block its people's places for such requests. An answer that proves somebody does
 * not count. Per node, in memory.
 */
import type { Clock } from '../../kernel/clock.js';
import { type NetworkWidth, networksOf } from '../../kernel/networks.js';

const WINDOW_MS = 60_000;
/**
 * Multiples of one machine's share. An office on a Monday brings more answers, but those prove people and do not count.
 */
const SHARES: Readonly<Record<NetworkWidth, number>> = { machine: 1, site: 2, block: 4 };

export interface AnswerAllowance {
  /**
   * Counts an answer from this address; undefined when its network has used up its share. The returned function undoes
   * the count.
   */
  take(ip: string): (() => void) | undefined;
}

/**
 * Creates the limit. Forgets all counts after a minute, for all networks at once. `perMachine` is the number that one
 * machine may bring in that time.
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
