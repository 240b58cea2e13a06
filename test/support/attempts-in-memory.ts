/** Counters of attack protection in memory, for tests of the rules alone. Time is what the caller says it is. */
import { addSeconds } from '../../src/kernel/clock.js';
import type { AttemptCounter, AttemptCounters } from '../../src/ports/attempts.js';

export interface CountersInMemory extends AttemptCounters {
  /** The keys that were counted or kept so far. */
  readonly keys: readonly string[];
}

type Kept = Partial<Pick<AttemptCounter, 'subject' | 'network' | 'limit'>> & { count: number; endsAt: Date };

export function countersInMemory(): CountersInMemory {
  const counters = new Map<string, Kept>();
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
      const counts = wanted.map(({ key, windowSeconds, ...rest }) => {
        const before = live(key) ?? { count: 0, endsAt: addSeconds(at, windowSeconds) };
        counters.set(key, { ...before, ...rest, count: before.count + 1 });
        return before.count + 1;
      });
      return { within: true, counts, ends: wanted.map(({ key }) => live(key)?.endsAt ?? at) };
    },
    async read(wanted, at) {
      const found = wanted.map(({ key, windowSeconds }) => {
        const kept = counters.get(key);
        return kept && kept.endsAt > at ? kept : { count: 0, endsAt: addSeconds(at, windowSeconds) };
      });
      return { counts: found.map(({ count }) => count), ends: found.map(({ endsAt }) => endsAt) };
    },
    async findFirstFull(wanted, at) {
      const place = wanted.findIndex(({ key, limit }) => {
        const { count, endsAt } = counters.get(key) ?? { count: 0, endsAt: at };
        return endsAt > at && count >= limit;
      });
      return place < 0 ? undefined : { place };
    },
    async change(changes) {
      for (const { key, change } of changes) {
        const before = counters.get(key);
        if (before) counters.set(key, { ...before, count: change === 'forget' ? 0 : Math.max(0, before.count - 1) });
      }
    },
    async findFull(subjects, at) {
      const full = [...counters.values()].filter(
        ({ subject, limit, count, endsAt }) =>
          subject !== undefined && subjects.includes(subject) && endsAt > at && count >= (limit ?? Infinity),
      );
      const networks = [...new Set(full.map(({ network }) => network))];
      return networks.map((network) => (network === undefined ? {} : { network }));
    },
    async forget(subjects) {
      for (const [key, kept] of counters)
        if (kept.subject !== undefined && subjects.includes(kept.subject)) counters.set(key, { ...kept, count: 0 });
    },
    async remember(key, seconds, at) {
      counters.set(key, { count: 1, endsAt: addSeconds(at, seconds) });
    },
    async isRemembered(key, at) {
      return (counters.get(key)?.endsAt ?? at) > at;
    },
  };
}
