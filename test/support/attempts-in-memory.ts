/** Counters of attack protection in memory, for tests of the rules alone. Time is what the caller says it is. */
import { addSeconds } from '../../src/kernel/clock.js';
import type { AttemptCounters } from '../../src/ports/attempts.js';

export interface CountersInMemory extends AttemptCounters {
  /** The keys that were counted or kept so far. */
  readonly keys: readonly string[];
}

export function countersInMemory(): CountersInMemory {
  const counters = new Map<string, { count: number; endsAt: Date }>();
  return {
    get keys() {
      return [...counters.keys()];
    },
    async count(wanted, at) {
      const live = (key: string) => {
        const before = counters.get(key);
        return before !== undefined && before.endsAt > at ? before : undefined;
      };
      const place = wanted.findIndex(({ key, limit }) => (live(key)?.count ?? 0) >= limit);
      const full = wanted[place];
      if (full) return { within: false, place, endsAt: live(full.key)?.endsAt ?? at };
      const counts = wanted.map(({ key, windowSeconds }) => {
        const before = live(key) ?? { count: 0, endsAt: addSeconds(at, windowSeconds) };
        counters.set(key, { ...before, count: before.count + 1 });
        return before.count + 1;
      });
      return { within: true, counts };
    },
    async change(changes) {
      for (const { key, change } of changes) {
        const before = counters.get(key);
        if (before) counters.set(key, { ...before, count: change === 'forget' ? 0 : Math.max(0, before.count - 1) });
      }
    },
    async remember(key, seconds, at) {
      counters.set(key, { count: 1, endsAt: addSeconds(at, seconds) });
    },
    async isRemembered(key, at) {
      return (counters.get(key)?.endsAt ?? at) > at;
    },
  };
}
