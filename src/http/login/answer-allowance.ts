/**
 * How many answers of identity providers that prove nothing one network may bring. Each answer is a request to the provider's token
 * endpoint, and whoever has begun one login can make up codes for it: the company's provider would be flooded in this server's name, and
 * the places for requests to it be taken from the company's people. What proves somebody does not count. Per node, in memory.
 */
import type { Clock } from '../../kernel/clock.js';
import { type NetworkWidth, networksOf } from '../../kernel/networks.js';

const WINDOW_MS = 60_000;
/** Times what one machine may. An office on a Monday brings more answers, which prove people. */
const SHARES: Readonly<Record<NetworkWidth, number>> = { machine: 1, site: 2, block: 4 };

export interface AnswerAllowance {
  /** Counts an answer from this address; undefined where its network has had as many as it may. The function takes it back. */
  take(ip: string): (() => void) | undefined;
}

/** Forgets what was counted after a minute, for all networks at once. `perMachine` is how many one machine may bring in that time. */
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
