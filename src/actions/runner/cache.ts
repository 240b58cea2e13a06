/**
 * The store behind `api.cache` on this node: small texts for each trigger, in memory only. Enforces the limits of
 * https://auth0.com/docs/customize/actions/limitations again, because the process that sends the changes is not
 * trusted.
 */
import type { TriggerId } from '../../domain/actions/action.js';
import type { Clock } from '../../kernel/clock.js';
import type { CacheChange, CacheRecord } from '../protocol.js';

const MAX_ENTRIES = 20;
const MAX_BYTES = 8_192;
const MAX_LIFETIME_MS = 86_400_000;

export class TriggerCaches {
  readonly #caches = new Map<TriggerId, Map<string, CacheRecord>>();

  constructor(readonly clock: Clock) {}

  /** Returns the trigger's cached records that have not expired. */
  read(trigger: TriggerId): Readonly<Record<string, CacheRecord>> {
    const cache = this.#get(trigger);
    const now = this.clock.now().getTime();
    for (const [key, record] of cache) if (record.expiresAt <= now) cache.delete(key);
    return Object.fromEntries(cache);
  }

  /** Applies the changes of an execution. Drops a record that would exceed the limits. */
  apply(trigger: TriggerId, changes: readonly CacheChange[]): void {
    const cache = this.#get(trigger);
    const latest = this.clock.now().getTime() + MAX_LIFETIME_MS;
    for (const { key, record } of changes) {
      cache.delete(key);
      if (record === undefined) continue;
      cache.set(key, { value: record.value, expiresAt: Math.min(record.expiresAt, latest) });
      if (cache.size > MAX_ENTRIES || bytesOf(cache) > MAX_BYTES) cache.delete(key);
    }
  }

  #get(trigger: TriggerId): Map<string, CacheRecord> {
    const cache = this.#caches.get(trigger) ?? new Map<string, CacheRecord>();
    this.#caches.set(trigger, cache);
    return cache;
  }
}

function bytesOf(cache: ReadonlyMap<string, CacheRecord>): number {
  let bytes = 0;
  for (const [key, { value }] of cache) bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
  return bytes;
}
